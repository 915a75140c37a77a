import type { TableContract } from '@mediakeep/schema-verify'

// Of the given tables we rely on types, keys and references. Their indexes only help: a missing one is a warning.

export const posts: TableContract = {
  table: 'public.posts',
  columnTypes: {
    post_id: 'text',
    urn: 'text',
    full_urn: 'text',
    platform: 'text',
    posted_at_timestamp: 'bigint',
    author_username: 'text',
    text_content: 'text',
    post_type: 'text',
    url: 'text',
    raw_json: 'text',
    first_seen_at: 'timestamp with time zone',
    is_read: 'boolean',
    is_marked: 'boolean',
    created_at: 'timestamp with time zone',
    updated_at: 'timestamp with time zone',
  },
  unnamedConstraints: ['PRIMARY KEY (post_id)', 'UNIQUE (urn)'],
  indexes: {
    posts_text_search_idx:
      "gin (to_tsvector('simple'::regconfig, \"left\"(COALESCE(text_content, ''::text), 100000)))",
  },
  helpfulIndexes: {
    idx_posts_urn: 'btree (urn)',
    idx_posts_posted_at: 'btree (posted_at_timestamp)',
    idx_posts_author: 'btree (author_username)',
    idx_posts_platform: 'btree (platform)',
    idx_posts_first_seen: 'btree (first_seen_at)',
    idx_posts_is_read: 'btree (is_read)',
    idx_posts_is_marked: 'btree (is_marked)',
  },
}

export const downloadRuns: TableContract = {
  table: 'public.download_runs',
  columnTypes: {
    run_id: 'text',
    started_at: 'timestamp with time zone',
    completed_at: 'timestamp with time zone',
    status: 'text',
    script_name: 'text',
    platform: 'text',
    posts_fetched: 'integer',
    posts_new: 'integer',
    posts_updated: 'integer',
    error_message: 'text',
    system_info: 'text',
    created_at: 'timestamp with time zone',
  },
  unnamedConstraints: ['PRIMARY KEY (run_id)'],
  helpfulIndexes: {
    idx_runs_started_at: 'btree (started_at)',
    idx_runs_status: 'btree (status)',
  },
}

export const dataDownloads: TableContract = {
  table: 'public.data_downloads',
  columnTypes: {
    download_id: 'text',
    post_id: 'text',
    run_id: 'text',
    downloaded_at: 'timestamp with time zone',
    total_reactions: 'integer',
    stats_json: 'text',
    raw_json: 'text',
    source_file_path: 'text',
    created_at: 'timestamp with time zone',
  },
  unnamedConstraints: [
    'PRIMARY KEY (download_id)',
    'FOREIGN KEY (post_id) REFERENCES public.posts(post_id) ON DELETE CASCADE',
    'FOREIGN KEY (run_id) REFERENCES public.download_runs(run_id) ON DELETE SET NULL',
  ],
  helpfulIndexes: {
    idx_downloads_post_id: 'btree (post_id)',
    idx_downloads_run_id: 'btree (run_id)',
    idx_downloads_downloaded_at: 'btree (downloaded_at)',
  },
}
