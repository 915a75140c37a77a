// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const eventLog: TableContract = {
  table: 'mediakeep.event_log',
  comment: 'How far events are numbered, and up to which number they are pruned',
  columns: {
    only_row: 'boolean not null default true',
    last_number: 'bigint not null default 0',
    pruned_number: 'bigint not null default 0',
    epoch: 'text not null default "left"(md5(((random())::text || (clock_timestamp())::text)), 8)',
    origin: 'text',
  },
  comments: {
    epoch: 'Which history of the log this is; part of every cursor',
    origin: 'Where the epoch is written; when database_origin() says another, a new epoch begins',
  },
  constraints: {
    event_log_only_row_check: 'CHECK (only_row)',
    event_log_pkey: 'PRIMARY KEY (only_row)',
    event_log_pruned_number_check: 'CHECK ((pruned_number <= last_number))',
  },
}
