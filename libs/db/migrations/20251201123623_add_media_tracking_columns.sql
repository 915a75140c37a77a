-- Checksums, archive and analysis tracking. Given, like the base: every name here is fixed.

ALTER TABLE public.post_media
  ADD COLUMN md5_sum text,
  ADD COLUMN archive_url text,
  ADD COLUMN ai_analysis_log jsonb;

ALTER TABLE public.post_media ALTER COLUMN ai_analysis_status SET DEFAULT 'not_started';

UPDATE public.post_media
SET ai_analysis_status = CASE ai_analysis_status WHEN 'pending' THEN 'not_started' ELSE ai_analysis_status END,
    ai_analysis_log = coalesce(ai_analysis_log, '[]')
WHERE ai_analysis_status = 'pending' OR ai_analysis_log IS NULL;

-- 'pending' stays allowed: old writers still send it.
ALTER TABLE public.post_media ADD CONSTRAINT post_media_ai_analysis_status_check
  CHECK (ai_analysis_status IN ('not_started', 'started', 'completed', 'failed', 'pending'));

CREATE INDEX idx_media_md5_sum ON public.post_media (md5_sum);
CREATE INDEX idx_media_archive_url ON public.post_media (archive_url) WHERE archive_url IS NOT NULL;
CREATE INDEX idx_media_ai_status_created ON public.post_media (ai_analysis_status, created_at)
  WHERE ai_analysis_status IN ('not_started', 'started');

COMMENT ON TABLE public.post_media IS 'Media attachments with AI analysis, local cache, and S3 archive tracking';
COMMENT ON COLUMN public.post_media.md5_sum IS 'MD5 checksum of the media file for integrity verification and deduplication';
COMMENT ON COLUMN public.post_media.archive_url IS 'S3 URL for archived copy of media file';
COMMENT ON COLUMN public.post_media.ai_analysis_log IS 'Detailed JSONB log of AI analysis attempts, results, and events';
COMMENT ON COLUMN public.post_media.ai_analysis_status IS 'AI analysis status: not_started, started, completed, failed';
