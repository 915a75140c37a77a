-- The base schema. Existing installations have these tables already, with rows in them; there this
-- file is recorded as applied and never run. Names and types are fixed: other people's tools read them.

CREATE TABLE public.posts (
  post_id text PRIMARY KEY,
  urn text NOT NULL UNIQUE,
  full_urn text,
  platform text DEFAULT 'linkedin',
  posted_at_timestamp bigint NOT NULL,
  author_username text,
  text_content text,
  post_type text,
  url text,
  raw_json text,
  first_seen_at timestamptz,
  is_read boolean DEFAULT false,
  is_marked boolean DEFAULT false,
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now()
);

CREATE TABLE public.download_runs (
  run_id text PRIMARY KEY,
  started_at timestamptz NOT NULL,
  completed_at timestamptz,
  status text DEFAULT 'running',
  script_name text,
  platform text DEFAULT 'linkedin',
  posts_fetched integer DEFAULT 0,
  posts_new integer DEFAULT 0,
  posts_updated integer DEFAULT 0,
  error_message text,
  system_info text,
  created_at timestamptz DEFAULT now()
);

CREATE TABLE public.data_downloads (
  download_id text PRIMARY KEY,
  post_id text NOT NULL REFERENCES public.posts (post_id) ON DELETE CASCADE,
  run_id text REFERENCES public.download_runs (run_id) ON DELETE SET NULL,
  downloaded_at timestamptz NOT NULL,
  total_reactions integer DEFAULT 0,
  stats_json text,
  raw_json text,
  source_file_path text,
  created_at timestamptz DEFAULT now()
);

CREATE TABLE public.post_media (
  media_id text PRIMARY KEY,
  post_id text NOT NULL REFERENCES public.posts (post_id) ON DELETE CASCADE,
  media_type text NOT NULL,
  media_url text NOT NULL,
  local_file_path text,
  file_size integer,
  mime_type text,
  width integer,
  height integer,
  ai_analysis_status text DEFAULT 'pending',
  ai_analysis text,
  ai_analyzed_at timestamptz,
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now()
);

CREATE INDEX idx_posts_urn ON public.posts (urn);
CREATE INDEX idx_posts_posted_at ON public.posts (posted_at_timestamp);
CREATE INDEX idx_posts_author ON public.posts (author_username);
CREATE INDEX idx_posts_platform ON public.posts (platform);
CREATE INDEX idx_posts_first_seen ON public.posts (first_seen_at);
CREATE INDEX idx_posts_is_read ON public.posts (is_read);
CREATE INDEX idx_posts_is_marked ON public.posts (is_marked);
CREATE INDEX idx_runs_started_at ON public.download_runs (started_at);
CREATE INDEX idx_runs_status ON public.download_runs (status);
CREATE INDEX idx_downloads_post_id ON public.data_downloads (post_id);
CREATE INDEX idx_downloads_run_id ON public.data_downloads (run_id);
CREATE INDEX idx_downloads_downloaded_at ON public.data_downloads (downloaded_at);
CREATE INDEX idx_media_post_id ON public.post_media (post_id);
CREATE INDEX idx_media_analysis_status ON public.post_media (ai_analysis_status);
CREATE INDEX idx_media_type ON public.post_media (media_type);
