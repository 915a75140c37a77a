// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const downloadRuns: TableContract = {
  table: 'public.download_runs',
  columns: {
    run_id: 'text not null',
    started_at: 'timestamp with time zone not null',
    completed_at: 'timestamp with time zone',
    status: "text default 'running'::text",
    script_name: 'text',
    platform: "text default 'linkedin'::text",
    posts_fetched: 'integer default 0',
    posts_new: 'integer default 0',
    posts_updated: 'integer default 0',
    error_message: 'text',
    system_info: 'text',
    created_at: 'timestamp with time zone default now()',
  },
  unnamedConstraints: ['PRIMARY KEY (run_id)'],
  indexes: {
    idx_runs_started_at: 'btree (started_at)',
    idx_runs_status: 'btree (status)',
  },
}
