import { ArchiveError, archiveKey, cachePath, type Archive, type Cache } from '@mediakeep/content'
import type { UploadOutcome } from './archive-settle.ts'
import type { KeptContent } from './kept-content.ts'

/**
 * Brings one content into the archive, verified. Rows of the older tool may name an object that holds it
 * already: that counts, once every byte of it was read.
 *
 * @throws what the archive or the cache threw, when another attempt may succeed
 */
export async function uploadContent(
  { cache, archive }: { cache: Cache; archive: Archive },
  content: KeptContent,
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
    // The store failed, not what was given to it.
    if (signal.aborted || (error instanceof ArchiveError && error.code !== 'digest_mismatch')) throw error
    const check = await cache.verify(path, content)
    if (check === 'ok') throw error
    // The upload before a kill may have gone through.
    if ((await archive.verify(key, content, 'deep', signal)) === 'ok') return archived
    return { kind: 'lost', reason: `cache file ${check}` }
  }
}
