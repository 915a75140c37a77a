// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const counters: TableContract = {
  table: 'mediakeep.counters',
  comment: 'What operators should see and no row tells: refused late hand-ins',
  columns: {
    name: 'text not null',
    value: 'bigint not null default 0',
    updated_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    counters_pkey: 'PRIMARY KEY (name)',
  },
}
