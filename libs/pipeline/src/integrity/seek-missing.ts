import { randomBytes } from 'node:crypto'
import { cachePath } from '@mediakeep/content'
import { queueContent, type StoredContent, toStoredContent } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { mapConcurrently } from '../map-concurrently.ts'
import { absenceGuard } from './absence-guard.ts'
import { examineContent, type KeepingDeps } from './examine-content.ts'
import { selectSought } from './seek-missing.sql.ts'

export interface SeekOptions {
  /** Number of contents to look for. */
  readonly contents: number
  readonly signal?: AbortSignal | undefined
}

/** Number of contents per result. */
export interface SeekReport {
  /** Found in this cache, and queued for the archive. */
  readonly here: number
  /** Found in the archive, and linked again. */
  readonly archived: number
  /** Another cache in use is asked. */
  readonly asked: number
  readonly nowhere: number
}

const AT_ONCE = 8

/**
 * Looks again for contents that some cache did not have: in this cache, in the archive, then in caches that were not
 * asked yet. A disk that was mounted again, a restored folder, or a machine that was away may have them, even after
 * their source is gone.
 *
 * @throws ArchiveAbsentError when so many objects are missing that the archive itself is in doubt
 */
export async function seekMissing(deps: KeepingDeps, options: SeekOptions): Promise<SeekReport> {
  const { db, cache, archive } = deps
  const report = { here: 0, archived: 0, asked: 0, nowhere: 0 }
  const contents = await someMissing(db, options.contents)
  if (contents.length === 0) return report
  // An unreachable archive must not look like one whose objects are missing.
  await archive.ping(options.signal)
  const guard = absenceGuard(deps, options.signal)
  await mapConcurrently(contents, AT_ONCE, async (content) => {
    options.signal?.throwIfAborted()
    const path = cachePath(content)
    const isHere =
      (await cache.size(path)) === content.byteSize && (await cache.verify(path, content)) === 'ok'
    if (isHere) {
      await queueContent(db, { sha256: content.sha256, cacheId: cache.id })
      report.here++
      return
    }
    const { archive: found, next } = await examineContent(deps, content, {
      ...{ cacheDepth: 'size', archiveDepth: 'head', restoreMissing: false, cacheCheck: 'missing' },
      ...{ guard, signal: options.signal },
    })
    if (found === 'ok') report.archived++
    else if (next === 'upload') report.asked++
    else report.nowhere++
  })
  return report
}

/**
 * Missing contents that no cache in use is about to upload. Starts at a random digest, so that each gets its turn,
 * however many there are.
 */
async function someMissing(sql: Sql, limit: number): Promise<StoredContent[]> {
  const found = await selectSought(sql, [randomBytes(32).toString('hex'), limit])
  return found.rows.map(toStoredContent)
}
