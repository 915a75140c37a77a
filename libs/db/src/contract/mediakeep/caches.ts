// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const caches: TableContract = {
  table: 'mediakeep.caches',
  comment: 'Caches: the machine of each, when it was last in use, and what it held then',
  columns: {
    cache_id: 'uuid not null',
    host: 'text',
    folder: 'text',
    last_seen_at: 'timestamp with time zone not null default now()',
    files: 'bigint',
    bytes: 'bigint',
    counted_at: 'timestamp with time zone',
  },
  comments: {
    counted_at: 'When files and bytes were counted',
  },
  constraints: {
    caches_pkey: 'PRIMARY KEY (cache_id)',
  },
}
