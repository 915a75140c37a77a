import type { Fate } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { selectRunProgress, selectMediaSummary, selectRejectedPosts } from './run-summary.sql.ts'

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
export interface MediaSummary extends Readonly<Record<Fate, number>> {
  readonly found: number
  /** How many of the fetched ones have the same content as another of the run. */
  readonly deduplicated: number
}

export interface RunSummary extends RunProgress {
  readonly media: MediaSummary
}

/** @returns undefined when there is no such run */
export async function readRunProgress(sql: Sql, runId: string): Promise<RunProgress | undefined> {
  const { rows } = await selectRunProgress(sql, [runId])
  return rows[0] as RunProgress | undefined
}

/** @returns undefined when there is no such run */
export async function readRunSummary(sql: Sql, runId: string): Promise<RunSummary | undefined> {
  const progress = await readRunProgress(sql, runId)
  if (!progress) return undefined
  const { rows } = await selectMediaSummary(sql, [runId])
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
  const { rows } = await selectRejectedPosts(sql, [runId, limit])
  return rows
}
