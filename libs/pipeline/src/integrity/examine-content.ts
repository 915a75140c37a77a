import { type Archive, archiveKey, type Cache, type CacheCheck, cachePath } from '@mediakeep/content'
import { linkArchived, markVerified, queueAgain, seekElsewhere, type StoredContent } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import type { AbsenceGuard } from './absence-guard.ts'
import { checkObject } from './check-object.ts'
import { ContentUnavailableError, restoreContent } from './restore-content.ts'
import type { VerifyingCache } from './verify-files.ts'

export interface KeepingDeps {
  readonly db: Database
  readonly cache: VerifyingCache
  readonly archive: Archive
}

export interface ContentExamination {
  /** `restored`: it was missing or corrupt, and is now back. */
  readonly cache: 'ok' | 'missing' | 'corrupt' | 'restored'
  /** `none`: not archived, or in a different archive. */
  readonly archive: 'ok' | 'missing' | 'corrupt' | 'none'
  /** The next step to bring the missing copy back. */
  readonly next?: 'upload' | 'fetch'
}

export interface ExamineOptions {
  /** How to check the cache file: its size, or all its bytes. */
  readonly cacheDepth: 'size' | 'bytes'
  /** Result of a recent check of the cache file. */
  readonly cacheCheck?: CacheCheck | undefined
  /** How to check the archive's object: size and metadata, or all its bytes. */
  readonly archiveDepth: 'head' | 'deep'
  /** Called before acting on a missing object. */
  readonly guard: AbsenceGuard
  /** True to restore a file that is only missing here (evicted, never fetched on this machine). */
  readonly restoreMissing: boolean
  readonly signal?: AbortSignal | undefined
  /** Takes contents that the archive has, to be marked as verified together; by default each is marked at once. */
  readonly onIntact?: (sha256: string) => void
}

/**
 * Checks both copies of a content and repairs damage: a corrupt file goes to quarantine and is restored from
 * the archive; a missing object is queued for upload from this cache or another; if none has it, it is fetched again
 * from its source. No location is forgotten: an object that reappears is linked again.
 *
 * @throws ArchiveAbsentError when so many objects are missing that the archive itself is in doubt
 */
export async function examineContent(
  deps: KeepingDeps,
  content: StoredContent,
  options: ExamineOptions,
): Promise<ContentExamination> {
  const here = options.cacheCheck ?? (await checkCache(deps.cache, content, options.cacheDepth))
  const there = await checkObject(deps.archive, content, options.archiveDepth, options.signal)
  if (there === 'ok') {
    const wanted = here === 'corrupt' || (here === 'missing' && options.restoreMissing)
    const restored = wanted ? await tryRestore(deps, content) : undefined
    if (restored === 'missing' || restored === 'corrupt') {
      return mend(deps, content, { cache: here, archive: restored }, options)
    }
    if (content.isMissing === true)
      await linkArchived(deps.db, [{ content, url: content.archiveUrl!, wrongUrls: [] }])
    else if (options.onIntact) options.onIntact(content.sha256)
    else await markVerified(deps.db, [content.sha256], options.archiveDepth)
    return { cache: restored ?? here, archive: 'ok' }
  }
  return mend(deps, content, { cache: here, archive: there }, options)
}

async function checkCache(
  cache: Cache,
  content: StoredContent,
  depth: 'size' | 'bytes',
): Promise<'ok' | 'missing' | 'corrupt'> {
  const path = cachePath(content)
  if (depth === 'size') {
    const size = await cache.size(path)
    if (size === undefined) return 'missing'
    if (size === content.byteSize) return 'ok'
  }
  return cache.verify(path, content)
}

async function tryRestore(
  deps: KeepingDeps,
  content: StoredContent,
): Promise<'restored' | 'missing' | 'corrupt'> {
  try {
    await restoreContent(deps, content)
    return 'restored'
  } catch (error) {
    if (!(error instanceof ContentUnavailableError)) throw error
    return error.code === 'corrupt' ? 'corrupt' : 'missing'
  }
}

interface Seen {
  readonly cache: 'ok' | 'missing' | 'corrupt'
  readonly archive: 'missing' | 'corrupt' | 'none'
}

/** The archive does not have it complete: takes the next step to get it back there. */
async function mend(
  deps: KeepingDeps,
  content: StoredContent,
  seen: Seen,
  { guard, signal }: ExamineOptions,
): Promise<ContentExamination> {
  const { db, cache } = deps
  const { sha256, archiveUrl } = content
  if (seen.archive === 'none') {
    const elsewhere = content.cacheId !== undefined && content.cacheId !== cache.id
    // Another archive, or another machine's cache, may have it.
    if (seen.cache === 'ok' || archiveUrl !== undefined || elsewhere) return seen
  }
  if (seen.archive === 'missing') await guard()
  if (await linkOwnObject(deps, content, signal)) return { ...seen, archive: 'ok' }
  if (seen.archive !== 'none' && seen.cache === 'ok') {
    const reason = `archive object ${seen.archive}`
    await queueAgain(db, [{ sha256, archiveUrl: archiveUrl!, cacheId: cache.id, reason }])
    return { ...seen, next: 'upload' }
  }
  const reasons = [`cache file ${seen.cache}`]
  if (seen.archive !== 'none') reasons.unshift(`archive object ${seen.archive}`)
  const absent = { sha256, archiveUrl, cacheId: cache.id, reason: reasons.join(', ') }
  const next = (await seekElsewhere(db, [absent])).get(sha256)
  return next === undefined ? seen : { ...seen, next }
}

/** Links an object under our own key, if complete, when no row has its URL or another key is missing. */
async function linkOwnObject(
  { db, archive }: KeepingDeps,
  content: StoredContent,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const key = archiveKey(content)
  const url = archive.urlOf(key)
  if (url === content.archiveUrl) return false
  if ((await archive.head(key, signal)) === undefined) return false
  if ((await archive.verify(key, content, 'deep', signal)) !== 'ok') return false
  await linkArchived(db, [
    { content, url, wrongUrls: content.archiveUrl === undefined ? [] : [content.archiveUrl] },
  ])
  return true
}
