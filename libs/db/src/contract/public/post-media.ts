// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const postMedia: TableContract = {
  table: 'public.post_media',
  comment: 'Media attachments with AI analysis, local cache, and S3 archive tracking',
  columns: {
    media_id: 'text not null',
    post_id: 'text not null',
    media_type: 'text not null',
    media_url: 'text not null',
    local_file_path: 'text',
    file_size: 'integer',
    mime_type: 'text',
    width: 'integer',
    height: 'integer',
    ai_analysis_status: "text default 'not_started'::text",
    ai_analysis: 'text',
    ai_analyzed_at: 'timestamp with time zone',
    created_at: 'timestamp with time zone default now()',
    updated_at: 'timestamp with time zone default now()',
    md5_sum: 'text',
    archive_url: 'text',
    ai_analysis_log: 'jsonb',
    sha256_sum: 'text',
    byte_size: 'bigint',
    source_key: 'text',
    source_host: 'text',
    role: 'text',
    json_pointers: 'text[]',
    posted_at: 'timestamp with time zone',
    url_expires_at: 'timestamp with time zone',
    fate: "text not null default 'waiting'::text",
    fate_reason: 'text',
    fate_at: 'timestamp with time zone',
    fetched_at: 'timestamp with time zone',
    claimed_mime_type: 'text',
    length_verified: 'boolean',
    download_attempts: 'integer not null default 0',
    download_not_before: 'timestamp with time zone',
    download_lease_token: 'uuid',
    download_lease_expires_at: 'timestamp with time zone',
    judged_at: 'timestamp with time zone',
    download_deaths: 'integer not null default 0',
    alt_text: 'text',
    attested_algorithm: 'text',
    attested_value: 'text',
    attested_matches: 'boolean',
  },
  comments: {
    ai_analysis_status: 'AI analysis status: not_started, started, completed, failed',
    md5_sum: 'MD5 checksum of the media file for integrity verification and deduplication',
    archive_url: 'S3 URL for archived copy of media file',
    ai_analysis_log: 'Detailed JSONB log of AI analysis attempts, results, and events',
    sha256_sum: 'SHA-256 of the bytes: the content in mediakeep.contents',
    byte_size: 'Size in bytes; file_size is its older, 32-bit form',
    source_key: 'Hash of the URL without the parameters that only sign it: one row per (post, source key)',
    source_host: 'host[:port] the URL is fetched from',
    role: 'Strongest role of the reference: content, thumbnail, article, reshare, avatar',
    json_pointers: "Every place in the post's JSON where the reference stands",
    posted_at: 'When the post was published',
    url_expires_at: "When the URL's signature expires, if the URL says so",
    fate: 'waiting, fetched, expired, gone, blocked, rejected, failed (will retry while download_not_before is set)',
    claimed_mime_type: 'The Content-Type that the server claimed; mime_type is what the bytes are',
  },
  constraints: {
    post_media_ai_analysis_status_check:
      "CHECK ((ai_analysis_status = ANY (ARRAY['not_started'::text, 'started'::text, 'completed'::text, 'failed'::text, 'pending'::text])))",
    post_media_fate_check:
      "CHECK ((fate = ANY (ARRAY['waiting'::text, 'fetched'::text, 'expired'::text, 'gone'::text, 'blocked'::text, 'rejected'::text, 'failed'::text])))",
    post_media_role_check:
      "CHECK ((role = ANY (ARRAY['content'::text, 'thumbnail'::text, 'article'::text, 'reshare'::text, 'avatar'::text])))",
  },
  unnamedConstraints: [
    'FOREIGN KEY (post_id) REFERENCES public.posts(post_id) ON DELETE CASCADE',
    'PRIMARY KEY (media_id)',
  ],
  indexes: {
    idx_media_ai_status_created:
      "btree (ai_analysis_status, created_at) WHERE (ai_analysis_status = ANY (ARRAY['not_started'::text, 'started'::text]))",
    idx_media_analysis_status: 'btree (ai_analysis_status)',
    idx_media_archive_url: 'btree (archive_url) WHERE (archive_url IS NOT NULL)',
    idx_media_md5_sum: 'btree (md5_sum)',
    idx_media_post_id: 'btree (post_id)',
    idx_media_type: 'btree (media_type)',
    post_media_alt_text_idx: "gin (to_tsvector('simple'::regconfig, alt_text)) WHERE (alt_text IS NOT NULL)",
    post_media_content_posted_idx:
      "btree (posted_at, media_id) WHERE (COALESCE(role, 'content'::text) = 'content'::text)",
    post_media_created_idx: 'btree (created_at, media_id)',
    post_media_download_lease_idx:
      'btree (download_lease_expires_at) WHERE (download_lease_token IS NOT NULL)',
    post_media_download_queue_idx:
      "btree (source_host, url_expires_at, media_id) WHERE ((fate = 'waiting'::text) AND (source_key IS NOT NULL))",
    post_media_download_retry_idx:
      "btree (download_not_before, media_id) WHERE ((fate = 'failed'::text) AND (download_not_before IS NOT NULL))",
    post_media_escaped_url_idx:
      "btree (media_id) WHERE (media_url ~* '&(amp|lt|gt|quot|apos|#0{0,5}(3[3-9]|[4-9][0-9])|#0{0,4}(1[01][0-9]|12[0-6])|#x0{0,4}(2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]));'::text)",
    post_media_fate_created_idx: 'btree (fate, created_at, media_id)',
    post_media_fetched_without_digest_idx:
      "btree (media_id) WHERE ((fate = 'fetched'::text) AND (sha256_sum IS NULL))",
    post_media_local_file_path_idx: 'btree (local_file_path) WHERE (local_file_path IS NOT NULL)',
    post_media_log_not_array_idx: "btree (media_id) WHERE (jsonb_typeof(ai_analysis_log) <> 'array'::text)",
    post_media_post_source_key: 'unique btree (post_id, source_key)',
    post_media_posted_idx: 'btree (posted_at, media_id)',
    post_media_sha256_sum_idx: 'btree (sha256_sum) WHERE (sha256_sum IS NOT NULL)',
    post_media_unreconciled_idx:
      "btree (media_id) WHERE ((source_key IS NULL) OR (ai_analysis_log IS NULL) OR (ai_analysis_status = 'pending'::text))",
  },
}
