import type { TableContract } from '@mediakeep/schema-verify'

const migrations: TableContract = {
  table: 'mediakeep.migrations',
  columns: {
    id: "integer not null default nextval('mediakeep.migrations_id_seq'::regclass)",
    name: 'character varying(255) not null',
    run_on: 'timestamp without time zone not null',
  },
  constraints: {
    migrations_pkey: 'PRIMARY KEY (id)',
  },
}

const contents: TableContract = {
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
  },
  comments: {
    name: 'File name without extension: the MD5, or MD5-SHA256 for a second content of one MD5',
    cache_id: 'The cache whose bytes are to be archived',
    archive_not_before: 'When the next upload may be tried; null: nothing to do, or given up',
  },
  constraints: {
    contents_sha256_sum_check: "CHECK ((sha256_sum ~ '^[0-9a-f]{64}$'::text))",
    contents_md5_sum_check: "CHECK ((md5_sum ~ '^[0-9a-f]{32}$'::text))",
    contents_name_check: "CHECK (((name = md5_sum) OR (name = ((md5_sum || '-'::text) || sha256_sum))))",
    contents_byte_size_check: 'CHECK ((byte_size > 0))',
    contents_media_type_check:
      "CHECK ((media_type = ANY (ARRAY['image'::text, 'video'::text, 'document'::text])))",
    contents_pkey: 'PRIMARY KEY (sha256_sum)',
    contents_name_key: 'UNIQUE (name)',
  },
  indexes: {
    contents_md5_sum_idx: 'btree (md5_sum)',
    contents_archive_queue_idx:
      'btree (cache_id, archive_not_before) WHERE ((archive_url IS NULL) AND (archive_not_before IS NOT NULL))',
    contents_archive_verified_idx: 'btree (archive_verified_at, sha256_sum) WHERE (archive_url IS NOT NULL)',
    contents_created_idx: 'btree (created_at, sha256_sum)',
    contents_placeholder_idx: 'btree (placeholder_suspected_at) WHERE (placeholder_suspected_at IS NOT NULL)',
  },
}

const downloadSlots: TableContract = {
  table: 'mediakeep.download_slots',
  comment: 'Permits to download from a host, leased; at most DOWNLOAD_CONCURRENCY a host',
  columns: {
    host: 'text not null',
    slot: 'integer not null',
    lease_token: 'uuid not null',
    lease_expires_at: 'timestamp with time zone not null',
  },
  constraints: {
    download_slots_pkey: 'PRIMARY KEY (host, slot)',
  },
}

const downloadHosts: TableContract = {
  table: 'mediakeep.download_hosts',
  comment: 'Hosts that asked us to wait (429, 503), and until when',
  columns: {
    host: 'text not null',
    not_before: 'timestamp with time zone not null',
    reason: 'text not null',
    updated_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    download_hosts_pkey: 'PRIMARY KEY (host)',
  },
}

const importRuns: TableContract = {
  table: 'mediakeep.import_runs',
  comment: 'Import and backfill runs: where they stand, what they counted',
  columns: {
    run_id: 'text not null',
    kind: "text not null default 'import'::text",
    files: "text[] not null default '{}'::text[]",
    options: "jsonb not null default '{}'::jsonb",
    machine: 'text',
    bytes_total: 'bigint not null default 0',
    bytes_read: 'bigint not null default 0',
    next_file: 'integer not null default 0',
    next_post: 'bigint not null default 0',
    posts_processed: 'bigint not null default 0',
    posts_new: 'bigint not null default 0',
    posts_known: 'bigint not null default 0',
    posts_rejected: 'bigint not null default 0',
    media_found: 'bigint not null default 0',
    media_new: 'bigint not null default 0',
    media_refreshed: 'bigint not null default 0',
    import_attempts: 'integer not null default 0',
    import_not_before: 'timestamp with time zone',
    import_lease_token: 'uuid',
    import_lease_expires_at: 'timestamp with time zone',
  },
  constraints: {
    import_runs_kind_check: "CHECK ((kind = ANY (ARRAY['import'::text, 'backfill'::text])))",
    import_runs_pkey: 'PRIMARY KEY (run_id)',
    import_runs_run_id_fkey: 'FOREIGN KEY (run_id) REFERENCES public.download_runs(run_id) ON DELETE CASCADE',
  },
  indexes: {
    import_runs_queue_idx: 'btree (import_not_before) WHERE (import_not_before IS NOT NULL)',
  },
}

const rejectedPosts: TableContract = {
  table: 'mediakeep.rejected_posts',
  comment: 'Posts that an import could not take, each with its index, JSON pointer and reason',
  columns: {
    run_id: 'text not null',
    file: 'text not null',
    post_index: 'bigint not null',
    pointer: 'text not null',
    code: 'text not null',
    reason: 'text not null',
    excerpt: 'text',
    created_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    rejected_posts_pkey: 'PRIMARY KEY (run_id, file, post_index)',
    rejected_posts_run_id_fkey:
      'FOREIGN KEY (run_id) REFERENCES mediakeep.import_runs(run_id) ON DELETE CASCADE',
  },
}

const tasks: TableContract = {
  table: 'mediakeep.tasks',
  comment: 'Periodic work: when it is next due, who does it, how it last ended',
  columns: {
    name: 'text not null',
    task_attempts: 'integer not null default 0',
    task_not_before: 'timestamp with time zone not null default now()',
    task_lease_token: 'uuid',
    task_lease_expires_at: 'timestamp with time zone',
    last_started_at: 'timestamp with time zone',
    last_finished_at: 'timestamp with time zone',
    last_result: 'jsonb',
    last_error: 'text',
  },
  constraints: {
    tasks_pkey: 'PRIMARY KEY (name)',
  },
}

const mergedMedia: TableContract = {
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

const settings: TableContract = {
  table: 'mediakeep.settings',
  comment: 'What all processes share and no environment gave: the generated signing secret',
  columns: {
    name: 'text not null',
    value: 'jsonb not null',
    updated_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    settings_pkey: 'PRIMARY KEY (name)',
  },
}

/** The whole of the schema `mediakeep`, the migration history included. */
export const mediakeepTables: readonly TableContract[] = [
  migrations,
  contents,
  downloadSlots,
  downloadHosts,
  importRuns,
  rejectedPosts,
  tasks,
  mergedMedia,
  settings,
]
