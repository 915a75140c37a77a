// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const analyses: TableContract = {
  table: 'mediakeep.analyses',
  comment: 'Analyses by content, analyser and version: the queue, its leases, the results',
  options: ['fillfactor=50'],
  columns: {
    sha256_sum: 'text not null',
    analyser: 'text not null',
    analyser_version: 'text not null',
    analysis_id:
      "text not null default ('an-'::text || lpad(to_hex(nextval('mediakeep.analysis_numbers'::regclass)), 12, '0'::text))",
    media_type: 'text not null',
    state: "text not null default 'pending'::text",
    priority: 'smallint not null default 0',
    place: "bigint not null default nextval('mediakeep.analysis_numbers'::regclass)",
    analysis_attempts: 'integer not null default 0',
    analysis_not_before: 'timestamp with time zone',
    analysis_lease_token: 'uuid',
    analysis_lease_expires_at: 'timestamp with time zone',
    worker: 'text',
    result: 'jsonb',
    earlier_results: 'jsonb',
    error: 'text',
    model: 'text',
    tokens_used: 'bigint',
    cost_usd: 'double precision',
    duration_ms: 'bigint',
    search_text: 'text',
    perceptual_hash: 'bigint',
    thumbhash: 'text',
    dominant_color: 'text',
    created_at: 'timestamp with time zone not null default now()',
    finished_at: 'timestamp with time zone',
    analysis_deaths: 'integer not null default 0',
  },
  comments: {
    state: 'pending (leased while it bears a token), completed, failed (attempts have ended)',
    place: 'Oldest first: where it stands in the queue',
    analysis_not_before:
      'Set when it came back (retry, expired lease, given back): when it may be claimed again',
    result: 'The last that succeeded; it stays while the analysis is asked for again',
    earlier_results: 'Results that a later one replaced, oldest first; the last few',
    perceptual_hash: '64 bits; near-duplicates differ in few of them',
  },
  constraints: {
    analyses_analysis_id_key: 'UNIQUE (analysis_id)',
    analyses_media_type_check:
      "CHECK ((media_type = ANY (ARRAY['image'::text, 'video'::text, 'audio'::text, 'document'::text])))",
    analyses_pkey: 'PRIMARY KEY (sha256_sum, analyser, analyser_version)',
    analyses_priority_check: 'CHECK (((priority >= 0) AND (priority <= 9)))',
    analyses_sha256_sum_fkey:
      'FOREIGN KEY (sha256_sum) REFERENCES mediakeep.contents(sha256_sum) ON DELETE CASCADE',
    analyses_state_check: "CHECK ((state = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text])))",
  },
  indexes: {
    analyses_due_idx:
      "btree (analyser, analyser_version, analysis_not_before) WHERE ((state = 'pending'::text) AND (analysis_not_before IS NOT NULL))",
    analyses_failed_idx: "btree (analyser, finished_at) WHERE (state = 'failed'::text)",
    analyses_perceptual_hash_idx:
      'gin ((ARRAY[((perceptual_hash & (65535)::bigint))::integer, ((((perceptual_hash >> 16) & (65535)::bigint))::integer | 65536), ((((perceptual_hash >> 32) & (65535)::bigint))::integer | 131072), ((((perceptual_hash >> 48) & (65535)::bigint))::integer | 196608)])) WHERE (perceptual_hash IS NOT NULL)',
    analyses_priority_queue_idx:
      "btree (analyser, analyser_version, priority, place) WHERE ((state = 'pending'::text) AND (analysis_not_before IS NULL))",
    analyses_queue_idx:
      "btree (analyser, analyser_version, place) WHERE ((state = 'pending'::text) AND (analysis_not_before IS NULL))",
    analyses_search_idx:
      "gin (to_tsvector('simple'::regconfig, search_text)) WHERE (search_text IS NOT NULL)",
    analyses_type_priority_queue_idx:
      "btree (analyser, analyser_version, media_type, priority, place) WHERE ((state = 'pending'::text) AND (analysis_not_before IS NULL))",
    analyses_type_queue_idx:
      "btree (analyser, analyser_version, media_type, place) WHERE ((state = 'pending'::text) AND (analysis_not_before IS NULL))",
  },
}
