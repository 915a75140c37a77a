-- Who a post is, as its JSON says, so that an import finds it by another name than its urn.
ALTER TABLE public.posts ADD COLUMN IF NOT EXISTS source_id text;
-- When the JSON was read for it. Null: a row of another writer, not read yet.
ALTER TABLE public.posts ADD COLUMN IF NOT EXISTS identified_at timestamptz;
