import type { Sql } from '@mediakeep/sql'
import { selectQuarantined } from './quarantine.sql.ts'

/** A file in quarantine, as shown to a person. */
export interface QuarantineEntry {
  readonly fileName: string
  readonly sha256: string
  readonly byteSize: number
  readonly reason: string
  readonly quarantinedAt: Date
  /** Media that showed it, or whose download brought it; only the first ones where there are many. */
  readonly mediaIds: string[]
  /** Number of media that show it. */
  readonly mediaCount: number
  /** False if the file has left this machine; the archive has it. */
  readonly isHere: boolean
  /** False if the bytes never became a content: taking back the rejection fetches and judges them again. */
  readonly isContent: boolean
}

export interface QuarantineSelection {
  readonly mediaId?: string | undefined
  readonly postId?: string | undefined
  /** Only posts published at this time or later. */
  readonly startDate?: Date | undefined
  readonly limit?: number | undefined
}

/** Lists a cache's quarantine, the oldest files first, with those that moved to the archive. */
export async function quarantinedFiles(
  sql: Sql,
  cacheId: string,
  { mediaId, postId, startDate, limit }: QuarantineSelection = {},
): Promise<QuarantineEntry[]> {
  const isRestricted = mediaId !== undefined || postId !== undefined || startDate !== undefined
  const found = await selectQuarantined(sql, [
    cacheId,
    !isRestricted,
    mediaId ?? null,
    postId ?? null,
    startDate ?? null,
    limit ?? null,
  ])
  return found.rows
}
