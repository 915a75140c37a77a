import { actorJson } from '@mediakeep/custody'
import type { Sql } from '@mediakeep/sql'
import {
  upsertQuarantined,
  updateReleased,
  updateQuarantineLink,
  updateRemoved,
} from './quarantined-files.sql.ts'

/** A rejected file in a cache's quarantine. */
export interface QuarantinedFile {
  readonly fileName: string
  readonly sha256: string
  readonly byteSize: number
  readonly reason: string
  /** The row whose download brought it; undefined if it was a content in the cache. */
  readonly mediaId?: string | undefined
}

/** Records files now in quarantine. A file that returns is listed once, with its latest reason. */
export async function listInQuarantine(
  sql: Sql,
  cacheId: string,
  files: readonly QuarantinedFile[],
): Promise<void> {
  if (files.length === 0) return
  await upsertQuarantined(sql, [cacheId, JSON.stringify(files)])
}

export interface Release {
  readonly cacheId: string
  readonly fileName: string
  readonly sha256: string
  /** True if the file is back in the cache; otherwise it is no longer in quarantine. */
  readonly isHere: boolean
}

/** Ends the release of a file from quarantine. A file that is back is inspected again. */
export async function endRelease(sql: Sql, { cacheId, fileName, sha256, isHere }: Release): Promise<void> {
  await updateReleased(sql, [cacheId, fileName, sha256, isHere])
}

/**
 * Records that the archive has the bytes of a rejected content, verified. Its rows are linked once it is released.
 *
 * @returns false if nothing was recorded: the content was released, or archived elsewhere, in the meantime
 */
export async function linkQuarantined(
  sql: Sql,
  { sha256, url }: { readonly sha256: string; readonly url: string },
): Promise<boolean> {
  const { rowCount } = await updateQuarantineLink(sql, [sha256, url, actorJson()])
  return rowCount > 0
}

/**
 * Records that a file leaves a quarantine, because the archive has it. From then on, only the archive can release it.
 *
 * @returns false if its release was requested: the file must stay until it is back in the cache
 */
export async function removeFromQuarantine(
  sql: Sql,
  { cacheId, fileName }: { readonly cacheId: string; readonly fileName: string },
): Promise<boolean> {
  const { rowCount } = await updateRemoved(sql, [cacheId, fileName])
  return rowCount > 0
}
