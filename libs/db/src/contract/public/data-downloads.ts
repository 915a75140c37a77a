// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const dataDownloads: TableContract = {
  table: 'public.data_downloads',
  columns: {
    download_id: 'text not null',
    post_id: 'text not null',
    run_id: 'text',
    downloaded_at: 'timestamp with time zone not null',
    total_reactions: 'integer default 0',
    stats_json: 'text',
    raw_json: 'text',
    source_file_path: 'text',
    created_at: 'timestamp with time zone default now()',
  },
  unnamedConstraints: [
    'FOREIGN KEY (post_id) REFERENCES public.posts(post_id) ON DELETE CASCADE',
    'FOREIGN KEY (run_id) REFERENCES public.download_runs(run_id) ON DELETE SET NULL',
    'PRIMARY KEY (download_id)',
  ],
  indexes: {
    idx_downloads_downloaded_at: 'btree (downloaded_at)',
    idx_downloads_post_id: 'btree (post_id)',
    idx_downloads_run_id: 'btree (run_id)',
  },
}
