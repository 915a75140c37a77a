-- A person judged the media item. A fresh URL reopens what a program rejected, and not this.
ALTER TABLE public.post_media ADD COLUMN IF NOT EXISTS judged_at timestamptz;
