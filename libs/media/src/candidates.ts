import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { placeCandidates, restartCandidates, takeNext } from './candidates.sql.ts'

/** A URL of a rendition. */
export interface Candidate {
  readonly url: string
  readonly host: string
  readonly expiresAt: Date | undefined
}

/** The renditions of a media row. The first one is its URL. */
export interface MediaCandidates {
  readonly postId: string
  readonly sourceKey: string
  readonly candidates: readonly Candidate[]
}

/** Remembers the renditions of media, in the order in which they are tried. */
export async function storeCandidates(sql: Sql, media: readonly MediaCandidates[]): Promise<void> {
  const rows = media.flatMap(({ postId, sourceKey, candidates }) =>
    candidates.map((candidate, position) => ({
      ...candidate,
      postId,
      sourceKey,
      position,
      first: candidates[0]!.url,
    })),
  )
  if (rows.length === 0) return
  await placeCandidates(sql, [
    rows.map(({ postId }) => postId),
    rows.map(({ sourceKey }) => sourceKey),
    rows.map(({ first }) => first),
    rows.map(({ position }) => position),
    rows.map(({ url }) => url),
    rows.map(({ host }) => host),
    rows.map(({ expiresAt }) => expiresAt?.toISOString()),
  ])
}

export interface FailedUrl {
  readonly row: HeldLease
  readonly reason?: string | undefined
}

/**
 * Gives leased media whose URL failed for good the next rendition. They stay leased and must be given back.
 * @returns the ids of those that have one
 */
export async function nextCandidates(sql: Sql, failed: readonly FailedUrl[]): Promise<Set<string>> {
  if (failed.length === 0) return new Set()
  const { rows } = await takeNext(sql, [
    ...heldBy(failed.map(({ row }) => row)),
    failed.map(({ reason }) => reason ?? null),
  ])
  return new Set(rows.map((row) => row.media_id))
}

/** Lets media that ended without any rendition begin with the first one, should they be tried again. */
export async function resetCandidates(sql: Sql, mediaIds: readonly string[]): Promise<void> {
  if (mediaIds.length > 0) await restartCandidates(sql, [mediaIds])
}
