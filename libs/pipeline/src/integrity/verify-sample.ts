import { randomBytes } from 'node:crypto'
import { CacheUnavailableError } from '@mediakeep/content'
import { markVerified, type StoredContent, toStoredContent, type VerifiedDepth } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { archivePrefix } from '../archive/own-object.ts'
import { mapConcurrently } from '../map-concurrently.ts'
import { absenceGuard, sampleArchive } from './absence-guard.ts'
import { ArchiveAbsentError, archiveAlarm } from './archive-alarm.ts'
import { examineContent, type ExamineOptions, type KeepingDeps } from './examine-content.ts'
import {
  selectArchivedCount,
  selectNeverVerified,
  selectOldestVerified,
  selectMissing,
  selectUnarchived,
} from './verify-sample.sql.ts'

export interface VerifySampleOptions {
  /** Number of contents to check by size and metadata. */
  readonly contents: number
  /** How many of these, at random, to read in full (object and cache file); and as many without an object. */
  readonly deep: number
  readonly signal?: AbortSignal | undefined
}

/** Number of contents per result. */
export interface VerifyReport {
  readonly ok: number
  /** Queued for upload again. */
  readonly upload: number
  /** Sent back to their source. */
  readonly fetch: number
  /** Could not be checked. */
  readonly failed: number
}

const AT_ONCE = 8

/** Contents searched for ones without an object, by primary key: the cost does not grow with the table. */
const SAMPLE = 1000
/** Missing objects to look for again. */
const MISSING = 500

/**
 * Checks the contents whose archive object was verified longest ago, and random ones that are only in this cache
 * because their upload is pending or was given up. Repairs damage, and links
 * missing objects that are back.
 *
 * @throws ArchiveAbsentError when so many objects are missing that the archive itself is in doubt
 */
export async function verifySample(deps: KeepingDeps, options: VerifySampleOptions): Promise<VerifyReport> {
  // An archive that is away as a whole must not look like one with missing objects.
  await deps.archive.ping(options.signal)
  if ((await archiveAlarm(deps.db)) !== undefined) await sampleArchive(deps, options.signal)
  const guard = absenceGuard(deps, options.signal)
  const contents = await oldestVerified(deps, options.contents)
  const deep = new Set(contents.toSorted(() => Math.random() - 0.5).slice(0, options.deep))
  for (const content of await someUnarchived(deps, options.deep)) {
    contents.push(content)
    deep.add(content)
  }
  contents.push(...(await someMissing(deps, MISSING)))
  const report = { ok: 0, upload: 0, fetch: 0, failed: 0 }
  const intact = { head: [] as string[], deep: [] as string[] }
  try {
    await mapConcurrently(contents, AT_ONCE, async (content) => {
      options.signal?.throwIfAborted()
      const depth = deep.has(content) ? 'deep' : 'head'
      const onIntact = (sha256: string): void => void intact[depth].push(sha256)
      report[await examine(deps, content, depth, { guard, signal: options.signal, onIntact })]++
    })
  } finally {
    // Also when it was interrupted: what was checked need not be checked again first.
    await markVerified(deps.db, intact.head, 'head')
    await markVerified(deps.db, intact.deep, 'deep')
  }
  return report
}

/** Counts the contents that a whole round of verification covers. */
export async function countArchived(sql: Sql): Promise<number> {
  const counted = await selectArchivedCount(sql)
  return counted.rows[0]!.n
}

async function examine(
  deps: KeepingDeps,
  content: StoredContent,
  depth: VerifiedDepth,
  common: Pick<ExamineOptions, 'guard' | 'signal' | 'onIntact'>,
): Promise<keyof VerifyReport> {
  try {
    const { next } = await examineContent(deps, content, {
      cacheDepth: depth === 'deep' ? 'bytes' : 'size',
      archiveDepth: depth,
      restoreMissing: false,
      ...common,
    })
    return next ?? 'ok'
  } catch (error) {
    if (error instanceof CacheUnavailableError || error instanceof ArchiveAbsentError) throw error
    common.signal?.throwIfAborted()
    return 'failed'
  }
}

async function oldestVerified({ db, archive }: KeepingDeps, limit: number): Promise<StoredContent[]> {
  const ours = archivePrefix(archive)
  const never = await selectNeverVerified(db, [limit, ours])
  const oldest = await selectOldestVerified(db, [limit - never.rows.length, ours])
  return [...never.rows, ...oldest.rows].map(toStoredContent)
}

/** Missing ones may be back. Starts at a random digest, so that each gets its turn, however many there are. */
async function someMissing({ db, archive }: KeepingDeps, limit: number): Promise<StoredContent[]> {
  const found = await selectMissing(db, [randomBytes(32).toString('hex'), limit, archivePrefix(archive)])
  return found.rows.map(toStoredContent)
}

/** Starts at a random digest: digests are as good as chance. */
async function someUnarchived({ db, cache }: KeepingDeps, limit: number): Promise<StoredContent[]> {
  const found = await selectUnarchived(db, [randomBytes(32).toString('hex'), SAMPLE, cache.id, limit])
  return found.rows.map(toStoredContent)
}
