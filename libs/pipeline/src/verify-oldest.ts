import { CacheUnavailableError } from '@mediakeep/content'
import { examineContent, type KeepingDeps } from './examine-content.ts'
import { keptColumns, toKeptContent, type KeptContent, type KeptContentRow } from './kept-content.ts'
import { mapConcurrently } from './map-concurrently.ts'
import { archivePrefix } from './own-object.ts'

export interface VerifyOldestOptions {
  /** How many are looked at, by size and metadata. */
  readonly contents: number
  /** How many of these, chosen by chance, are read whole: object and cache file. */
  readonly deep: number
  readonly signal?: AbortSignal | undefined
}

/** How many contents ended how. */
export interface VerifyReport {
  readonly ok: number
  /** Queued for upload again. */
  readonly upload: number
  /** Sent back to their source. */
  readonly fetch: number
  /** Could not be looked at. */
  readonly failed: number
}

const AT_ONCE = 8

/** Looks at the contents whose archive object was not looked at for longest, and mends what is wrong. */
export async function verifyOldest(deps: KeepingDeps, options: VerifyOldestOptions): Promise<VerifyReport> {
  // An archive that is away as a whole must not look like one whose objects are missing.
  await deps.archive.ping(options.signal)
  const contents = await oldestVerified(deps, options.contents)
  const deep = new Set(contents.toSorted(() => Math.random() - 0.5).slice(0, options.deep))
  const report = { ok: 0, upload: 0, fetch: 0, failed: 0 }
  await mapConcurrently(contents, AT_ONCE, async (content) => {
    options.signal?.throwIfAborted()
    report[await examine(deps, content, deep.has(content), options.signal)]++
  })
  return report
}

async function examine(
  deps: KeepingDeps,
  content: KeptContent,
  isDeep: boolean,
  signal: AbortSignal | undefined,
): Promise<keyof VerifyReport> {
  try {
    const { next } = await examineContent(deps, content, {
      cacheDepth: isDeep ? 'bytes' : 'size',
      archiveDepth: isDeep ? 'deep' : 'head',
      restoreMissing: false,
      signal,
    })
    return next ?? 'ok'
  } catch (error) {
    if (error instanceof CacheUnavailableError) throw error
    signal?.throwIfAborted()
    return 'failed'
  }
}

async function oldestVerified({ db, archive }: KeepingDeps, limit: number): Promise<KeptContent[]> {
  const ours = archivePrefix(archive)
  const never = await db.query<KeptContentRow>(
    `SELECT ${keptColumns('c')} FROM mediakeep.contents c
     WHERE c.archive_url IS NOT NULL AND c.archive_verified_at IS NULL AND starts_with(c.archive_url, $2) LIMIT $1`,
    [limit, ours],
  )
  const oldest = await db.query<KeptContentRow>(
    `SELECT ${keptColumns('c')} FROM mediakeep.contents c
     WHERE c.archive_url IS NOT NULL AND c.archive_verified_at IS NOT NULL AND starts_with(c.archive_url, $2)
     ORDER BY c.archive_verified_at, c.sha256_sum LIMIT $1`,
    [limit - never.rows.length, ours],
  )
  return [...never.rows, ...oldest.rows].map(toKeptContent)
}
