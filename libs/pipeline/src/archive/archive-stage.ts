import { type Archive, ArchiveError, type Cache, CacheUnavailableError, isUnusable } from '@mediakeep/content'
import {
  type Lease,
  MAX_DEATHS,
  type Stage,
  type StageLog,
  type StageReport,
  drainQueue,
} from '@mediakeep/lease'
import {
  archiveQueue,
  settleUploads,
  storedColumns,
  type StoredContent,
  type StoredContentRow,
  toStoredContent,
  type UploadOutcome,
} from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { uploadContent } from './archive-upload.ts'
import { probeArchive } from './probe-archive.ts'

export interface ArchiveStageOptions {
  readonly db: Database
  readonly cache: Cache
  readonly archive: Archive
  /** Concurrent uploads. */
  readonly concurrency: number
  /** How long the contents of a dead process stay leased. */
  readonly leaseSeconds: number
  readonly log: StageLog
}

interface Upload {
  readonly lease: Lease
  readonly content: StoredContent
  readonly knownUrls: readonly string[]
}

/**
 * Uploads contents that this cache has and the archive lacks. A pass rejects, with no leases held, when the store
 * or the cache is away as a whole.
 */
export function archiveStage(options: ArchiveStageOptions): Stage {
  return {
    name: 'archive',
    reportsProgress: true,
    drain: (signal, onProgress) => drain(options, signal, onProgress),
  }
}

function drain(
  options: ArchiveStageOptions,
  signal: AbortSignal,
  onProgress: (() => void) | undefined,
): Promise<StageReport> {
  const { db, leaseSeconds, concurrency } = options
  return drainQueue<Upload, UploadOutcome>(
    {
      ...{ db, queue: archiveQueue, leaseSeconds, concurrency, onProgress },
      claim: () => claim(options),
      work: (upload, stop) => work(options, upload, stop),
      settle: (ended) =>
        settleUploads(
          db,
          ended.map(({ item: { lease, content }, settlement: outcome }) => ({ lease, content, outcome })),
        ),
      isDone: (outcome) => outcome.kind === 'archived',
    },
    signal,
  )
}

async function claim({ db, cache, concurrency, leaseSeconds }: ArchiveStageOptions): Promise<Upload[]> {
  const claimed = await archiveQueue.claim<StoredContentRow & { knownUrls: string[] }>(db, {
    limit: concurrency * 4,
    leaseSeconds,
    // Repeated here so that the index serves it as a range.
    where: 'q.cache_id = $1 AND q.archive_not_before <= now()',
    values: [cache.id],
    returning: `${storedColumns('q')}, ARRAY(SELECT DISTINCT m.archive_url FROM public.post_media m
      WHERE m.sha256_sum = q.sha256_sum AND m.archive_url IS NOT NULL) AS "knownUrls"`,
  })
  return claimed.map((row) => ({
    lease: { id: row.id, token: row.token, attempt: row.attempt, deaths: row.deaths },
    content: toStoredContent(row),
    knownUrls: row.knownUrls,
  }))
}

async function work(
  options: ArchiveStageOptions,
  { lease, content, knownUrls }: Upload,
  signal: AbortSignal,
): Promise<UploadOutcome | undefined> {
  if (lease.deaths >= MAX_DEATHS) {
    const reason = `process_died: ${lease.deaths} times in a row while it was uploaded`
    return { kind: 'failed', reason, isParked: true }
  }
  try {
    const outcome = await uploadContent(options, content, knownUrls, signal)
    if (outcome.kind === 'lost') {
      options.log.warn({ sha256: content.sha256, reason: outcome.reason }, 'to be fetched again')
    }
    return outcome
  } catch (error) {
    if (signal.aborted) return undefined
    options.log.warn({ err: error, sha256: content.sha256, attempt: lease.attempt }, 'an upload failed')
    if (await isOutage(options, error)) throw error
    return { kind: 'failed', reason: String(error) }
  }
}

/** True when the store or the cache is away as a whole: no content is to blame, so no attempt is counted. */
async function isOutage({ archive }: ArchiveStageOptions, error: unknown): Promise<boolean> {
  if (error instanceof CacheUnavailableError) return true
  if (!(error instanceof ArchiveError)) return false
  if (isUnusable(error)) return true
  try {
    // One object refused by its own policy or lock must not hold up the others.
    await (error.code === 'denied' ? probeArchive(archive) : archive.ping())
    return false
  } catch {
    return true
  }
}
