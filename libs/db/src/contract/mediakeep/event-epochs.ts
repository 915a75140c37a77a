// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const eventEpochs: TableContract = {
  table: 'mediakeep.event_epochs',
  comment: 'Epochs that ended, in their order',
  columns: {
    place: 'integer not null generated always as identity',
    epoch: 'text not null',
    last_number: 'bigint not null',
    ended_at: 'timestamp with time zone not null default clock_timestamp()',
  },
  comments: {
    last_number: 'Up to here the later epochs have the same events; cursors beyond it are refused',
  },
  constraints: {
    event_epochs_epoch_key: 'UNIQUE (epoch)',
    event_epochs_pkey: 'PRIMARY KEY (place)',
  },
}
