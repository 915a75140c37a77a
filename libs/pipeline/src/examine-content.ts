import { cachePath, type Archive, type Cache, type CacheCheck } from '@mediakeep/content'
import type { Database } from '@mediakeep/sql'
import { checkObject } from './check-object.ts'
import { markVerified, queueAgain, sendToSource } from './content-state.ts'
import type { KeptContent } from './kept-content.ts'
import { removeOwnObject } from './own-object.ts'
import { ContentUnavailableError, restoreContent } from './restore-content.ts'
import type { VerifyingCache } from './verify-files.ts'

export interface KeepingDeps {
  readonly db: Database
  readonly cache: VerifyingCache
  readonly archive: Archive
}

export interface ContentExamination {
  /** `restored`: it was missing or corrupt, and is here again. */
  readonly cache: 'ok' | 'missing' | 'corrupt' | 'restored'
  /** `none`: not archived, or in an archive that is not this one. */
  readonly archive: 'ok' | 'missing' | 'corrupt' | 'none'
  /** What will bring the missing copy back. */
  readonly next?: 'upload' | 'fetch'
}

export interface ExamineOptions {
  /** How the cache file is looked at: its size, or all its bytes. */
  readonly cacheDepth: 'size' | 'bytes'
  /** What was found of the cache file a moment ago. */
  readonly cacheCheck?: CacheCheck | undefined
  /** How the archive's object is looked at: size and metadata, or all its bytes. */
  readonly archiveDepth: 'head' | 'deep'
  /** Whether a file that is only missing here (evicted, never fetched on this machine) is restored. */
  readonly restoreMissing: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Looks at both copies of a content and mends what is wrong: a corrupt file is in quarantine then and restored
 * from the archive; a missing object is queued for upload from the cache; what neither has is fetched again
 * from its source.
 */
export async function examineContent(
  deps: KeepingDeps,
  content: KeptContent,
  options: ExamineOptions,
): Promise<ContentExamination> {
  const here = options.cacheCheck ?? (await checkCache(deps.cache, content, options.cacheDepth))
  const there = await checkObject(deps.archive, content, options.archiveDepth, options.signal)
  if (there === 'ok') {
    const wanted = here === 'corrupt' || (here === 'missing' && options.restoreMissing)
    const restored = wanted ? await tryRestore(deps, content) : undefined
    if (restored === 'missing' || restored === 'corrupt') return mend(deps, content, here, restored)
    await markVerified(deps.db, [content.sha256])
    return { cache: restored ?? here, archive: 'ok' }
  }
  return mend(deps, content, here, there)
}

async function checkCache(
  cache: Cache,
  content: KeptContent,
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
  content: KeptContent,
): Promise<'restored' | 'missing' | 'corrupt'> {
  try {
    await restoreContent(deps, content)
    return 'restored'
  } catch (error) {
    if (!(error instanceof ContentUnavailableError)) throw error
    return error.code === 'corrupt' ? 'corrupt' : 'missing'
  }
}

/** The archive does not hold it whole: the next step that brings it there again. */
async function mend(
  { db, cache, archive }: KeepingDeps,
  content: KeptContent,
  here: 'ok' | 'missing' | 'corrupt',
  there: 'missing' | 'corrupt' | 'none',
): Promise<ContentExamination> {
  const seen = { cache: here, archive: there }
  const { sha256, archiveUrl } = content
  const elsewhere = content.cacheId !== undefined && content.cacheId !== cache.id
  if (there === 'none') {
    // Another archive, or another machine's cache, may have what is not here.
    if (here === 'ok' || archiveUrl !== undefined || elsewhere) return seen
    await sendToSource(db, [{ sha256, reason: `cache file ${here}` }])
    return { ...seen, next: 'fetch' }
  }
  const reason = `archive object ${there}`
  if (here === 'ok' || elsewhere) {
    const cacheId = here === 'ok' ? cache.id : content.cacheId!
    const queued = await queueAgain(db, [{ sha256, archiveUrl: archiveUrl!, cacheId, reason }])
    if (queued.length > 0 && there === 'corrupt') await removeOwnObject(archive, content)
    return { ...seen, next: 'upload' }
  }
  await sendToSource(db, [{ sha256, archiveUrl, reason: `${reason}, cache file ${here}` }])
  return { ...seen, next: 'fetch' }
}
