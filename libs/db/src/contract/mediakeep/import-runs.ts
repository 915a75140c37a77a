// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const importRuns: TableContract = {
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
    import_deaths: 'integer not null default 0',
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
