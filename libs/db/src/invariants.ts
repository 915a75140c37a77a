import type { Invariant } from '@mediakeep/schema-verify'

const MIGRATE = 'nx run db:migrate (older writers; a running worker does so too)'

/** Rules that our code keeps between rows. Each is found through an index, however many rows there are. */
export const invariants: readonly Invariant[] = [
  {
    name: 'rows of post_media that are archived without a checksum',
    violations:
      'SELECT FROM public.post_media WHERE archive_url IS NOT NULL AND md5_sum IS NULL AND sha256_sum IS NULL',
    severity: 'warning',
    mend: 'mediakeep backfill',
  },
  {
    name: 'contents that are archived without a time',
    violations: 'SELECT FROM mediakeep.contents WHERE archive_url IS NOT NULL AND archived_at IS NULL',
    severity: 'error',
    mend: 'UPDATE mediakeep.contents SET archived_at = now() WHERE archive_url IS NOT NULL AND archived_at IS NULL',
  },
  {
    name: 'contents with half a lease',
    violations: `SELECT FROM mediakeep.contents
      WHERE (archive_lease_token IS NULL) <> (archive_lease_expires_at IS NULL)`,
    severity: 'error',
    mend: `UPDATE mediakeep.contents SET archive_lease_token = NULL, archive_lease_expires_at = NULL
      WHERE (archive_lease_token IS NULL) <> (archive_lease_expires_at IS NULL)`,
  },
  {
    name: 'rows of post_media with an analysis status that is none',
    violations: `SELECT FROM public.post_media WHERE ai_analysis_status IS NOT NULL
      AND ai_analysis_status NOT IN ('not_started', 'started', 'completed', 'failed', 'pending')`,
    severity: 'error',
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
    name: 'rows of post_media with source_key null',
    violations: 'SELECT FROM public.post_media WHERE source_key IS NULL',
    severity: 'warning',
    mend: MIGRATE,
  },
]
