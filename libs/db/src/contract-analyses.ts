import type { TableContract } from '@mediakeep/schema-verify'

const analysers: TableContract = {
  table: 'mediakeep.analysers',
  comment: 'The configured analysers: a content is completed when each that takes its type has succeeded',
  columns: {
    name: 'text not null',
    version: 'text not null',
    media_types: 'text[] not null',
    generation: 'bigint not null',
    configured_at: 'timestamp with time zone not null default now()',
  },
  comments: {
    generation: 'The number of this set; contents planned under an earlier one are looked at again',
  },
  constraints: {
    analysers_pkey: 'PRIMARY KEY (name)',
    analysers_media_types_check:
      "CHECK (((media_types <@ ARRAY['image'::text, 'video'::text, 'document'::text]) AND (media_types <> '{}'::text[])))",
  },
}

/** What has come up for the first time, or came back. */
const CLAIMABLE =
  "WHERE ((state = 'pending'::text) AND (analysis_lease_token IS NULL) AND (analysis_not_before"
const NEW = `${CLAIMABLE} IS NULL))`

const analyses: TableContract = {
  table: 'mediakeep.analyses',
  comment: 'Analyses by content, analyser and version: the queue, its leases, the results',
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
    analyses_pkey: 'PRIMARY KEY (sha256_sum, analyser, analyser_version)',
    analyses_analysis_id_key: 'UNIQUE (analysis_id)',
    analyses_sha256_sum_fkey:
      'FOREIGN KEY (sha256_sum) REFERENCES mediakeep.contents(sha256_sum) ON DELETE CASCADE',
    analyses_state_check: "CHECK ((state = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text])))",
    analyses_media_type_check:
      "CHECK ((media_type = ANY (ARRAY['image'::text, 'video'::text, 'document'::text])))",
    analyses_priority_check: 'CHECK (((priority >= 0) AND (priority <= 9)))',
  },
  indexes: {
    analyses_queue_idx: `btree (analyser, analyser_version, place) ${NEW}`,
    analyses_type_queue_idx: `btree (analyser, analyser_version, media_type, place) ${NEW}`,
    analyses_priority_queue_idx: `btree (analyser, analyser_version, priority, place) ${NEW}`,
    analyses_type_priority_queue_idx: `btree (analyser, analyser_version, media_type, priority, place) ${NEW}`,
    analyses_due_idx: `btree (analyser, analyser_version, analysis_not_before) ${CLAIMABLE} IS NOT NULL))`,
    analyses_lease_idx: 'btree (analysis_lease_expires_at) WHERE (analysis_lease_token IS NOT NULL)',
    analyses_failed_idx: "btree (analyser, finished_at) WHERE (state = 'failed'::text)",
    analyses_search_idx:
      "gin (to_tsvector('simple'::regconfig, search_text)) WHERE (search_text IS NOT NULL)",
    analyses_perceptual_hash_idx:
      'gin ((ARRAY[((perceptual_hash & (65535)::bigint))::integer, ((((perceptual_hash >> 16) & (65535)::bigint))::integer | 65536), ((((perceptual_hash >> 32) & (65535)::bigint))::integer | 131072), ((((perceptual_hash >> 48) & (65535)::bigint))::integer | 196608)])) WHERE (perceptual_hash IS NOT NULL)',
  },
}

const analysisUsage: TableContract = {
  table: 'mediakeep.analysis_usage',
  comment: 'Tokens and money that analyses used, failed attempts included, by day of UTC',
  columns: {
    analyser: 'text not null',
    day: 'date not null',
    tokens_used: 'bigint not null default 0',
    cost_usd: 'double precision not null default 0',
  },
  constraints: { analysis_usage_pkey: 'PRIMARY KEY (analyser, day)' },
}

const counters: TableContract = {
  table: 'mediakeep.counters',
  comment: 'What operators should see and no row tells: refused late hand-ins',
  columns: {
    name: 'text not null',
    value: 'bigint not null default 0',
    updated_at: 'timestamp with time zone not null default now()',
  },
  constraints: { counters_pkey: 'PRIMARY KEY (name)' },
}

const planned: TableContract = {
  table: 'mediakeep.contents',
  columns: { analysis_generation: 'bigint not null default 0' },
  comments: { analysis_generation: 'The set of analysers that its analyses were last planned for' },
  indexes: {
    contents_analysis_plan_idx:
      'btree (analysis_generation, created_at, sha256_sum) WHERE ((inspected_at IS NOT NULL) AND (rejected_at IS NULL))',
  },
}

export const analysisTables: readonly TableContract[] = [
  analysers,
  analyses,
  analysisUsage,
  counters,
  planned,
]
