import { type Cache, type CacheCheck, cachePath, CacheUnavailableError } from '@mediakeep/content'
import type { StoredContent } from '@mediakeep/media'

interface Expected {
  readonly path: string
  readonly digests: StoredContent
}

/** A cache that may be able to read many files on all cores. */
export interface VerifyingCache extends Cache {
  verifyMany?<Entry extends Expected>(
    entries: Iterable<Entry>,
    options?: { signal?: AbortSignal | undefined },
  ): AsyncIterable<{ readonly entry: Entry; readonly check: CacheCheck }>
}

/** Below this number of files, starting threads costs more than it saves. */
const WORTH_THREADS = 32

/**
 * Reads the files of contents in full, on all cores if the cache can.
 *
 * @returns checks by SHA-256; check any content missing from them individually
 */
export async function verifyFiles(
  cache: VerifyingCache,
  contents: readonly StoredContent[],
  signal: AbortSignal | undefined,
): Promise<Map<string, CacheCheck>> {
  const checks = new Map<string, CacheCheck>()
  if (cache.verifyMany === undefined || contents.length < WORTH_THREADS) return checks
  const entries = contents.map((digests) => ({ path: cachePath(digests), digests }))
  try {
    for await (const { entry, check } of cache.verifyMany(entries, { signal })) {
      checks.set(entry.digests.sha256, check)
    }
  } catch (error) {
    // One unreadable file must not hide the others.
    if (error instanceof CacheUnavailableError || signal?.aborted === true) throw error
  }
  return checks
}
