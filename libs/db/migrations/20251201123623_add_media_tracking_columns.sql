-- no-transaction
-- Checksums, archive and analysis tracking. Given, like the base: every name here is fixed. Each statement can be
-- run again and holds its locks for a moment, for post_media may hold millions of rows that others read and write.

ALTER TABLE public.post_media
  ADD COLUMN IF NOT EXISTS md5_sum text,
  ADD COLUMN IF NOT EXISTS archive_url text,
  ADD COLUMN IF NOT EXISTS ai_analysis_log jsonb;

-- squawk-ignore prefer-robust-stmts
ALTER TABLE public.post_media ALTER COLUMN ai_analysis_status SET DEFAULT 'not_started';

-- 'pending' stays allowed: old writers still send it.
ALTER TABLE public.post_media
  DROP CONSTRAINT IF EXISTS post_media_ai_analysis_status_check,
  ADD CONSTRAINT post_media_ai_analysis_status_check
    CHECK (ai_analysis_status IN ('not_started', 'started', 'completed', 'failed', 'pending')) NOT VALID;
ALTER TABLE public.post_media VALIDATE CONSTRAINT post_media_ai_analysis_status_check;

-- In batches, each committed: begun again, it passes over what is done. Rows that others hold are waited for.
DO $$
DECLARE
  last_id text := '';
  next_id text;
  touched bigint;
  total bigint := 0;
  told timestamptz := clock_timestamp();
BEGIN
  LOOP
    SELECT max(media_id) INTO next_id FROM
      (SELECT media_id FROM public.post_media WHERE media_id > last_id ORDER BY media_id LIMIT 2000) batch;
    EXIT WHEN next_id IS NULL;
    UPDATE public.post_media
    SET ai_analysis_status = CASE ai_analysis_status WHEN 'pending' THEN 'not_started' ELSE ai_analysis_status END,
        ai_analysis_log = coalesce(ai_analysis_log, '[]')
    WHERE media_id > last_id AND media_id <= next_id AND (ai_analysis_status = 'pending' OR ai_analysis_log IS NULL);
    GET DIAGNOSTICS touched = ROW_COUNT;
    COMMIT;
    total := total + touched;
    last_id := next_id;
    IF clock_timestamp() > told + interval '5 seconds' THEN
      told := clock_timestamp();
      RAISE NOTICE 'post_media: % rows put right, up to %', total, last_id;
    END IF;
  END LOOP;
END
$$;

CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_media_md5_sum ON public.post_media (md5_sum);
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_media_archive_url ON public.post_media (archive_url)
  WHERE archive_url IS NOT NULL;
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_media_ai_status_created ON public.post_media (ai_analysis_status, created_at)
  WHERE ai_analysis_status IN ('not_started', 'started');

COMMENT ON TABLE public.post_media IS 'Media attachments with AI analysis, local cache, and S3 archive tracking';
COMMENT ON COLUMN public.post_media.md5_sum IS 'MD5 checksum of the media file for integrity verification and deduplication';
COMMENT ON COLUMN public.post_media.archive_url IS 'S3 URL for archived copy of media file';
COMMENT ON COLUMN public.post_media.ai_analysis_log IS 'Detailed JSONB log of AI analysis attempts, results, and events';
COMMENT ON COLUMN public.post_media.ai_analysis_status IS 'AI analysis status: not_started, started, completed, failed';
