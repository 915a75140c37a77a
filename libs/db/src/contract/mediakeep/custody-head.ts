// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const custodyHead: TableContract = {
  table: 'mediakeep.custody_head',
  comment: 'The last entry, in one row, which the sequencer locks',
  columns: {
    is_only: 'boolean not null default true',
    last_number: 'bigint not null',
    hash: 'bytea not null',
  },
  constraints: {
    custody_head_is_only_check: 'CHECK (is_only)',
    custody_head_pkey: 'PRIMARY KEY (is_only)',
  },
}
