// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const contents: TableContract = {
  table: 'mediakeep.contents',
  comment: 'Distinct contents by SHA-256: names, facts, archive queue',
  columns: {
    sha256_sum: 'text not null',
    md5_sum: 'text not null',
    name: 'text not null',
    byte_size: 'bigint not null',
    media_type: 'text not null',
    mime_type: 'text not null',
    extension: 'text not null',
    width: 'integer',
    height: 'integer',
    duration_ms: 'bigint',
    cache_id: 'uuid',
    archive_url: 'text',
    archived_at: 'timestamp with time zone',
    archive_verified_at: 'timestamp with time zone',
    archive_attempts: 'integer not null default 0',
    archive_not_before: 'timestamp with time zone',
    archive_lease_token: 'uuid',
    archive_lease_expires_at: 'timestamp with time zone',
    archive_error: 'text',
    placeholder_suspected_at: 'timestamp with time zone',
    rejected_at: 'timestamp with time zone',
    rejected_reason: 'text',
    created_at: 'timestamp with time zone not null default now()',
    inspected_at: 'timestamp with time zone',
    inspect_attempts: 'integer not null default 0',
    inspect_not_before: 'timestamp with time zone',
    inspect_lease_token: 'uuid',
    inspect_lease_expires_at: 'timestamp with time zone',
    inspect_error: 'text',
    analysis_generation: 'bigint not null default 0',
  },
  comments: {
    name: 'File name without extension: the MD5, or MD5-SHA256 for a second content of one MD5',
    cache_id: 'The cache whose bytes are to be archived',
    archive_not_before: 'When the next upload may be tried; null: nothing to do, or given up',
    inspected_at: 'When the bytes were decoded whole, and the facts known; null: not yet, or rejected',
    inspect_error: 'How the last inspection failed that is to be tried again',
    analysis_generation: 'The set of analysers that its analyses were last planned for',
  },
  constraints: {
    contents_byte_size_check: 'CHECK ((byte_size > 0))',
    contents_md5_sum_check: "CHECK ((md5_sum ~ '^[0-9a-f]{32}$'::text))",
    contents_media_type_check:
      "CHECK ((media_type = ANY (ARRAY['image'::text, 'video'::text, 'document'::text])))",
    contents_name_check: "CHECK (((name = md5_sum) OR (name = ((md5_sum || '-'::text) || sha256_sum))))",
    contents_name_key: 'UNIQUE (name)',
    contents_pkey: 'PRIMARY KEY (sha256_sum)',
    contents_sha256_sum_check: "CHECK ((sha256_sum ~ '^[0-9a-f]{64}$'::text))",
  },
  indexes: {
    contents_analysis_plan_idx:
      'btree (analysis_generation, created_at, sha256_sum) WHERE ((inspected_at IS NOT NULL) AND (rejected_at IS NULL))',
    contents_archive_queue_idx:
      'btree (cache_id, archive_not_before) WHERE ((archive_url IS NULL) AND (archive_not_before IS NOT NULL))',
    contents_archive_verified_idx: 'btree (archive_verified_at, sha256_sum) WHERE (archive_url IS NOT NULL)',
    contents_created_idx: 'btree (created_at, sha256_sum)',
    contents_inspect_queue_idx:
      'btree (cache_id, inspect_not_before) WHERE ((inspected_at IS NULL) AND (cache_id IS NOT NULL))',
    contents_md5_sum_idx: 'btree (md5_sum)',
    contents_placeholder_idx: 'btree (placeholder_suspected_at) WHERE (placeholder_suspected_at IS NOT NULL)',
  },
}
