import { availableParallelism } from 'node:os'
import { CachePathError, type CacheCheck } from '@mediakeep/content'
import { inBatches } from './batches.ts'
import type { CacheRoot } from './cache-root.ts'
import { listPaths } from './list.ts'
import { digestsOfName, resolvePaths } from './paths.ts'
import { createThreadPool, type ThreadPool } from './thread-pool.ts'
import { verify, type Expected } from './verify.ts'
import type { Suspect } from './verify-thread.ts'

export interface VerifyOptions {
  /** Default: one per core. */
  readonly threads?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Reports corrupt files and leaves them in place. */
  readonly dryRun?: boolean | undefined
}

export interface Verified<Entry extends Expected = Expected> {
  readonly entry: Entry
  readonly check: CacheCheck
}

/** Large enough that messages cost little, small enough that no thread waits long for the last one. */
const BATCH = 64

/**
 * Verifies files on all cores and yields results as they arrive, unordered. Memory is bounded for any list length.
 * Threads only read; files they do not find sound are checked again here, so only one place judges and moves files.
 */
export async function* verifyMany<Entry extends Expected>(
  root: CacheRoot,
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  { threads = availableParallelism(), signal, dryRun }: VerifyOptions = {},
): AsyncGenerator<Verified<Entry>> {
  const pool = createThreadPool(threads)
  const running = new Set<Promise<Verified<Entry>[]>>()
  const finished: Verified<Entry>[][] = []
  const start = (batch: Entry[]): void => {
    const checking = checkBatch(root, pool, batch, dryRun).then((results) => {
      running.delete(checking)
      finished.push(results)
      return results
    })
    // Awaited below; until then a failure must not count as unhandled.
    checking.catch(() => undefined)
    running.add(checking)
  }
  try {
    for await (const batch of inBatches(entries, BATCH)) {
      signal?.throwIfAborted()
      start(batch)
      // One batch more than threads, so that a thread that finishes has the next one.
      while (running.size > threads) await Promise.race(running)
      yield* finished.splice(0).flat()
    }
    while (running.size > 0) {
      await Promise.race(running)
      yield* finished.splice(0).flat()
    }
    yield* finished.splice(0).flat()
  } finally {
    await pool.close()
  }
}

/** Verifies every file of the cache against the digests in its own name. */
export function verifyAll(root: CacheRoot, options?: VerifyOptions): AsyncGenerator<Verified> {
  return verifyMany(root, expectedByName(root), options)
}

async function* expectedByName(root: CacheRoot): AsyncGenerator<Expected> {
  for await (const path of listPaths(root)) {
    const digests = digestsOfName(path.slice(path.lastIndexOf('/') + 1))
    if (digests !== undefined) yield { path, digests }
  }
}

async function checkBatch<Entry extends Expected>(
  root: CacheRoot,
  pool: ThreadPool,
  batch: Entry[],
  dryRun?: boolean,
): Promise<Verified<Entry>[]> {
  const absolutePaths = await resolvePaths(
    root,
    batch.map(({ path }) => path),
  )
  const suspects = batch.map(({ digests }, index) => suspectOf(absolutePaths[index], digests))
  const verdicts = await pool.check(suspects)
  return await Promise.all(
    batch.map(async (entry, index) => ({
      entry,
      check: verdicts[index] === true ? ('ok' as const) : await judge(root, entry, dryRun),
    })),
  )
}

/** A row may contain any path; one that this cache would refuse to read counts as a missing file. */
async function judge(root: CacheRoot, entry: Expected, dryRun?: boolean): Promise<CacheCheck> {
  try {
    return await verify(root, entry, dryRun)
  } catch (error) {
    if (error instanceof CachePathError) return 'missing'
    throw error
  }
}

function suspectOf(absolutePath: string | undefined, digests: Expected['digests']): Suspect {
  const { md5, sha256, byteSize } = digests
  return {
    absolutePath,
    algorithm: sha256 === undefined ? 'md5' : 'sha256',
    digest: sha256 ?? md5,
    byteSize,
  }
}
