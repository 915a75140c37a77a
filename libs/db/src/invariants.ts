import { ESCAPED_URL } from '@mediakeep/reconcile'
import type { Invariant } from '@mediakeep/schema-verify'

const MIGRATE = 'nx run db:migrate (older writers; a running worker does so too)'

/** Rules between rows that our code maintains. Each uses an index, so the number of rows does not matter. */
export const invariants: readonly Invariant[] = [
  {
    // Without its row, events get no numbers and subscribers receive nothing.
    name: 'the row of event_log, missing',
    violations: 'SELECT WHERE NOT EXISTS (SELECT FROM mediakeep.event_log)',
    severity: 'error',
    mend: `INSERT INTO mediakeep.event_log (last_number, pruned_number)
      SELECT coalesce(max(number), 0), coalesce(min(number) - 1, 0) FROM mediakeep.events`,
  },
  {
    // Without its row, entries of the custody log get no numbers.
    name: 'the row of custody_head, missing',
    violations: 'SELECT WHERE NOT EXISTS (SELECT FROM mediakeep.custody_head)',
    severity: 'error',
    mend: `INSERT INTO mediakeep.custody_head (last_number, hash)
      SELECT coalesce(max(number), 0), coalesce((SELECT hash FROM mediakeep.custody ORDER BY number DESC LIMIT 1),
        decode(repeat('00', 32), 'hex')) FROM mediakeep.custody`,
  },
  {
    name: 'rows of post_media that are archived without a checksum',
    violations:
      'SELECT FROM public.post_media WHERE archive_url IS NOT NULL AND md5_sum IS NULL AND sha256_sum IS NULL',
    severity: 'warning',
    mend: 'mediakeep backfill',
  },
  {
    // Skips from one status to the next through idx_media_analysis_status: a handful of lookups.
    name: 'analysis statuses in post_media that are none',
    violations: `WITH RECURSIVE statuses AS (
        (SELECT ai_analysis_status AS status FROM public.post_media ORDER BY 1 LIMIT 1)
        UNION ALL SELECT (SELECT ai_analysis_status FROM public.post_media
          WHERE ai_analysis_status > statuses.status ORDER BY 1 LIMIT 1) FROM statuses WHERE status IS NOT NULL)
      SELECT FROM statuses WHERE status NOT IN ('not_started', 'started', 'completed', 'failed', 'pending')`,
    severity: 'error',
  },
  {
    // Uses contents_unarchived_idx.
    name: 'contents that wait for their upload and hold half a lease',
    violations: `SELECT FROM mediakeep.contents WHERE (archive_url IS NULL OR archive_missing_since IS NOT NULL) AND archive_not_before IS NOT NULL
      AND (archive_lease_token IS NULL) <> (archive_lease_expires_at IS NULL)`,
    severity: 'error',
    mend: `UPDATE mediakeep.contents SET archive_lease_token = NULL, archive_lease_expires_at = NULL
      WHERE (archive_lease_token IS NULL) <> (archive_lease_expires_at IS NULL)`,
  },
  {
    name: 'rows of post_media with ai_analysis_status = pending',
    violations: `SELECT FROM public.post_media WHERE ai_analysis_status = 'pending'`,
    severity: 'warning',
    mend: MIGRATE,
  },
  {
    name: 'rows of post_media with ai_analysis_log null',
    violations: 'SELECT FROM public.post_media WHERE ai_analysis_log IS NULL',
    severity: 'warning',
    mend: MIGRATE,
  },
  {
    // Uses post_media_log_not_array_idx.
    name: 'rows of post_media with an ai_analysis_log that is no array',
    violations: `SELECT FROM public.post_media WHERE jsonb_typeof(ai_analysis_log) <> 'array'`,
    severity: 'warning',
    mend: MIGRATE,
  },
  {
    // Uses post_media_fetched_without_digest_idx.
    name: 'fetched rows of post_media without a SHA-256, whose files cannot be served',
    violations: `SELECT FROM public.post_media WHERE fate = 'fetched' AND sha256_sum IS NULL`,
    severity: 'warning',
    mend: 'mediakeep cache adopt <folder of the old cache>, then mediakeep backfill (docs/adopting.md)',
  },
  {
    // Uses post_media_escaped_url_idx.
    name: 'rows of post_media whose media_url has HTML entities, which makes their downloads fail',
    violations: `SELECT FROM public.post_media q WHERE ${ESCAPED_URL}`,
    severity: 'warning',
    mend: MIGRATE,
  },
  {
    name: 'rows of post_media with source_key null',
    violations: 'SELECT FROM public.post_media WHERE source_key IS NULL',
    severity: 'warning',
    mend: MIGRATE,
  },
]
