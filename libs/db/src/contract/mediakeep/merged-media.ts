// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const mergedMedia: TableContract = {
  table: 'mediakeep.merged_media',
  comment: 'Duplicate (post, URL) rows merged into a survivor, whole, as they were',
  columns: {
    media_id: 'text not null',
    survivor_id: 'text not null',
    merged_row: 'jsonb not null',
    merged_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    merged_media_pkey: 'PRIMARY KEY (media_id)',
  },
  indexes: {
    merged_media_survivor_idx: 'btree (survivor_id)',
  },
}
