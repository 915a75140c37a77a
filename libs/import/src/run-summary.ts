import { FATES } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'

export interface RunProgress {
  readonly runId: string
  readonly status: 'running' | 'completed' | 'failed'
  readonly error: string | null
  readonly bytesTotal: number
  readonly bytesRead: number
  readonly posts: {
    readonly processed: number
    readonly new: number
    readonly known: number
    readonly rejected: number
  }
  /** New and known posts by the name of their format. */
  readonly formats: Readonly<Record<string, number>>
  /** Items that are no posts, counted by reason. */
  readonly skipped: Readonly<Record<string, number>>
  /** References found (one per post and source), new ones, and known ones with a fresh URL. */
  readonly references: { readonly found: number; readonly new: number; readonly refreshed: number }
}

/** The media of the run's posts, counted by current fate. */
export interface MediaSummary {
  readonly found: number
  readonly waiting: number
  readonly fetched: number
  /** How many of the fetched ones have the same content as another of the run. */
  readonly deduplicated: number
  readonly expired: number
  readonly gone: number
  readonly blocked: number
  readonly rejected: number
  readonly failed: number
}

export interface RunSummary extends RunProgress {
  readonly media: MediaSummary
}

/** @returns undefined when there is no such run */
export async function readRunProgress(sql: Sql, runId: string): Promise<RunProgress | undefined> {
  const { rows } = await sql.query<RunProgress>(
    `SELECT run_id AS "runId", d.status, d.error_message AS error,
       r.bytes_total AS "bytesTotal", r.bytes_read AS "bytesRead",
       json_build_object('processed', r.posts_processed, 'new', r.posts_new, 'known', r.posts_known,
         'rejected', r.posts_rejected) AS posts,
       coalesce(r.options -> 'formats', '{}') AS formats, coalesce(r.options -> 'skipped', '{}') AS skipped,
       json_build_object('found', r.media_found, 'new', r.media_new, 'refreshed', r.media_refreshed) AS "references"
     FROM mediakeep.import_runs r JOIN public.download_runs d USING (run_id) WHERE run_id = $1`,
    [runId],
  )
  return rows[0]
}

/** @returns undefined when there is no such run */
export async function readRunSummary(sql: Sql, runId: string): Promise<RunSummary | undefined> {
  const progress = await readRunProgress(sql, runId)
  if (!progress) return undefined
  const { rows } = await sql.query<MediaSummary>(
    `SELECT count(*)::integer AS found,
       ${FATES.map((fate) => `(count(*) FILTER (WHERE m.fate = '${fate}'))::integer AS ${fate}`).join(', ')},
       (count(m.sha256_sum) FILTER (WHERE m.fate = 'fetched')
         - count(DISTINCT m.sha256_sum) FILTER (WHERE m.fate = 'fetched'))::integer AS deduplicated
     FROM public.post_media m
     WHERE m.post_id IN (SELECT d.post_id FROM public.data_downloads d WHERE d.run_id = $1)`,
    [runId],
  )
  return { ...progress, media: rows[0]! }
}

export interface RejectedPost {
  readonly file: string
  readonly index: number
  readonly pointer: string
  readonly code: string
  readonly reason: string
  readonly excerpt: string | null
}

/** The posts that a run rejected, in file order. */
export async function readRejectedPosts(sql: Sql, runId: string, limit = 100): Promise<RejectedPost[]> {
  const { rows } = await sql.query<RejectedPost>(
    `SELECT file, post_index AS index, pointer, code, reason, excerpt FROM mediakeep.rejected_posts
     WHERE run_id = $1 ORDER BY file, post_index LIMIT $2`,
    [runId, limit],
  )
  return rows
}
