// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const quarantine: TableContract = {
  table: 'mediakeep.quarantine',
  comment: 'Files of rejected media, in the quarantine folder of the cache that had them',
  columns: {
    cache_id: 'uuid not null',
    file_name: 'text not null',
    sha256_sum: 'text not null',
    byte_size: 'bigint not null',
    reason: 'text not null',
    media_id: 'text',
    quarantined_at: 'timestamp with time zone not null default now()',
    release_requested_at: 'timestamp with time zone',
    released_at: 'timestamp with time zone',
    removed_at: 'timestamp with time zone',
  },
  comments: {
    media_id: 'The row whose download brought it; null: a content that was in the cache',
    release_requested_at: 'A person wants it back; the machine with the cache moves it',
    removed_at: 'When the file was deleted for good, to keep the quarantine below its limits',
  },
  constraints: {
    quarantine_byte_size_check: 'CHECK ((byte_size > 0))',
    quarantine_pkey: 'PRIMARY KEY (cache_id, file_name)',
    quarantine_sha256_sum_check: "CHECK ((sha256_sum ~ '^[0-9a-f]{64}$'::text))",
  },
  indexes: {
    quarantine_kept_idx:
      'btree (cache_id, quarantined_at) WHERE ((released_at IS NULL) AND (removed_at IS NULL))',
    quarantine_release_idx:
      'btree (cache_id) WHERE ((release_requested_at IS NOT NULL) AND (released_at IS NULL) AND (removed_at IS NULL))',
    quarantine_sha256_sum_idx: 'btree (sha256_sum)',
  },
}
