import { type Archive, type Cache, cachePath } from '@mediakeep/content'
import { appendCustody, programActor } from '@mediakeep/custody'
import type { StoredContent } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { downloadObject } from '../archive/download-object.ts'

/** The bytes of a content are not available here. */
export class ContentUnavailableError extends Error {
  override readonly name = 'ContentUnavailableError'
  /** `not_archived`: only another machine's cache may have it; the others describe the archive's object. */
  readonly code: 'not_archived' | 'other_archive' | 'missing' | 'corrupt'
  readonly sha256: string

  constructor(code: ContentUnavailableError['code'], sha256: string) {
    super(`content ${sha256} is not in this cache, and in the archive: ${code}`)
    this.code = code
    this.sha256 = sha256
  }
}

interface RestoreDeps {
  readonly db: Sql
  readonly cache: Cache
  readonly archive: Archive
}

const underWay = new WeakMap<Cache, Map<string, Promise<void>>>()

/**
 * Fetches a content from the archive into the cache; it becomes visible only after its digests match.
 * Concurrent calls for the same content share one restore.
 *
 * @throws ContentUnavailableError, or an error of the archive or the cache
 */
export function restoreContent(deps: RestoreDeps, content: StoredContent): Promise<void> {
  const restores = underWay.get(deps.cache) ?? new Map<string, Promise<void>>()
  underWay.set(deps.cache, restores)
  const known = restores.get(content.sha256)
  if (known !== undefined) return known
  const restore = restoreNow(deps, content).finally(() => restores.delete(content.sha256))
  restores.set(content.sha256, restore)
  return restore
}

async function restoreNow({ db, cache, archive }: RestoreDeps, content: StoredContent): Promise<void> {
  if (content.archiveUrl === undefined) throw new ContentUnavailableError('not_archived', content.sha256)
  const key = archive.keyOf(content.archiveUrl)
  if (key === undefined) throw new ContentUnavailableError('other_archive', content.sha256)
  if ((await archive.head(key)) === undefined) throw new ContentUnavailableError('missing', content.sha256)
  const temporary = await cache.createTemporary()
  try {
    const digests = await downloadObject(archive, key, temporary.path, { maxBytes: content.byteSize })
    if (digests.sha256 !== content.sha256) throw new ContentUnavailableError('corrupt', content.sha256)
    await cache.put(temporary, cachePath(content), content)
    await appendCustody(db, programActor(), [
      { kind: 'restored', subject: `content:${content.sha256}`, details: { cache: cache.id } },
    ])
  } finally {
    await temporary.discard()
  }
}
