import { type Archive, ArchiveError, archiveKey, type Cache, cachePath } from '@mediakeep/content'
import type { StoredContent, UploadOutcome } from '@mediakeep/media'
import { removeOwnObject } from './own-object.ts'

/**
 * Puts one content into the archive, verified. Rows of the older tool may name an object that already has it:
 * that counts, once every byte of it has been read.
 *
 * @throws the archive's or the cache's error, when another attempt may succeed
 */
export async function uploadContent(
  { cache, archive }: { cache: Cache; archive: Archive },
  content: StoredContent,
  knownUrls: readonly string[],
  signal: AbortSignal,
): Promise<UploadOutcome> {
  const key = archiveKey(content)
  const wrongUrls: string[] = []
  for (const url of knownUrls) {
    const known = archive.keyOf(url)
    if (known === undefined || known === key) continue
    if ((await archive.verify(known, content, 'deep', signal)) === 'ok') {
      return { kind: 'archived', url, wrongUrls }
    }
    wrongUrls.push(url)
  }
  if (content.isMissing === true) {
    const found = await findAgain(archive, content, signal)
    if (found !== undefined) return { kind: 'archived', url: found, wrongUrls }
    // Change nothing in the archive until a complete copy is available.
    const check = await cache.verify(cachePath(content), content)
    if (check !== 'ok') return { kind: 'lost', reason: `cache file ${check}` }
    await removeDamaged(archive, content, signal)
  }
  const path = cachePath(content)
  const archived: UploadOutcome = { kind: 'archived', url: archive.urlOf(key), wrongUrls }
  const source = {
    key,
    digests: content,
    mimeType: content.mimeType,
    open: (range?: Parameters<Cache['open']>[1]) => cache.open(path, range),
    read: (limit: number) => cache.read(path, limit),
  }
  try {
    await archive.put(source, signal)
    return archived
  } catch (error) {
    // The store failed, not the source.
    if (signal.aborted || (error instanceof ArchiveError && error.code !== 'digest_mismatch')) throw error
    const check = await cache.verify(path, content)
    if (check === 'ok') throw error
    // An upload before a kill may have succeeded.
    if ((await archive.verify(key, content, 'deep', signal)) === 'ok') return archived
    return { kind: 'lost', reason: `cache file ${check}` }
  }
}

/** Checks whether a missing object is back, reading all of it. @returns the URL where it was found */
async function findAgain(
  archive: Archive,
  content: StoredContent,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ownKey = archiveKey(content)
  const lastKey = content.archiveUrl === undefined ? undefined : archive.keyOf(content.archiveUrl)
  for (const key of new Set([lastKey ?? ownKey, ownKey])) {
    if ((await archive.verify(key, content, 'deep', signal)) === 'ok') return archive.urlOf(key)
  }
  return undefined
}

/**
 * Removes a damaged object under our own key while the upload's lease is held: a store may still report the old
 * digest for it, and the upload would treat it as complete.
 */
async function removeDamaged(archive: Archive, content: StoredContent, signal: AbortSignal): Promise<void> {
  if ((await archive.verify(archiveKey(content), content, 'deep', signal)) !== 'corrupt') return
  signal.throwIfAborted()
  await removeOwnObject(archive, content)
}
