import { ArchiveError, CacheUnavailableError, type Archive, type Cache } from '@mediakeep/content'
import { leaseKeeper, type Lease, type Stage, type StageLog, type StageReport } from '@mediakeep/lease'
import { batcher, type Database } from '@mediakeep/sql'
import PQueue from 'p-queue'
import { archiveQueue, settleUploads, type Settlement } from './archive-settle.ts'
import { uploadContent } from './archive-upload.ts'
import { keptColumns, toKeptContent, type KeptContent, type KeptContentRow } from './kept-content.ts'

export interface ArchiveStageOptions {
  readonly db: Database
  readonly cache: Cache
  readonly archive: Archive
  /** Uploads at once. */
  readonly concurrency: number
  /** How long a dead process holds up its contents. */
  readonly leaseSeconds: number
  readonly log: StageLog
}

interface Upload {
  readonly lease: Lease
  readonly content: KeptContent
  readonly knownUrls: readonly string[]
}

// Nobody waits for these: larger batches are worth more than a quick answer.
const SETTLING = { maxItems: 200, lingerMs: 20 }

/** What the uploads of one pass share. */
interface Pass {
  readonly report: StageReport
  /** The caller's, or our own when going on makes no sense. */
  readonly signal: AbortSignal
  /** @returns aborts when the lease is lost */
  keep(lease: Lease): AbortSignal
  settle(settlement: Settlement): void
  stop(reason: unknown): void
  /** Waits for what is being settled, then gives back what is still held. @throws why it was stopped */
  end(): Promise<void>
}

/**
 * Uploads what this cache holds and the archive does not. A pass rejects, with nothing held, when the store or the
 * cache is away as a whole.
 */
export function archiveStage(options: ArchiveStageOptions): Stage {
  return { name: 'archive', drain: (signal) => drain(options, signal) }
}

async function drain(options: ArchiveStageOptions, signal: AbortSignal): Promise<StageReport> {
  const uploads = new PQueue({ concurrency: options.concurrency })
  const pass = startPass(options, signal)
  try {
    while (!pass.signal.aborted) {
      const claimed = await claim(options)
      if (claimed.length === 0 && uploads.size + uploads.pending === 0) break
      for (const upload of claimed) {
        const kept = pass.keep(upload.lease)
        void uploads.add(() => work(options, pass, upload, kept))
      }
      // More is claimed while the last of these are being uploaded.
      await (claimed.length > 0 ? uploads.onSizeLessThan(options.concurrency) : uploads.onIdle())
    }
  } finally {
    await uploads.onIdle()
    await pass.end()
  }
  return pass.report
}

function startPass({ db, leaseSeconds }: ArchiveStageOptions, signal: AbortSignal): Pass {
  const report = { done: 0, failed: 0 }
  const own = new AbortController()
  const held = new Set<Lease>()
  const keeper = leaseKeeper(archiveQueue, db, leaseSeconds)
  const stop = (reason: unknown): void => own.abort(reason)
  const settling = new Set<Promise<void>>()
  const write = batcher<Settlement, undefined>(async (settlements) => {
    await settleUploads(db, settlements)
    for (const { lease, outcome } of settlements) {
      held.delete(lease)
      keeper.drop(lease)
      report[outcome.kind === 'archived' ? 'done' : 'failed']++
    }
    return settlements.map(() => undefined)
  }, SETTLING)
  return {
    report,
    signal: AbortSignal.any([signal, own.signal]),
    keep(lease) {
      held.add(lease)
      return keeper.keep(lease)
    },
    settle(settlement) {
      const settled = write(settlement)
        .catch(stop)
        .finally(() => settling.delete(settled))
      settling.add(settled)
    },
    stop,
    async end() {
      await Promise.all(settling)
      keeper.stop()
      await archiveQueue.release(db, [...held])
      own.signal.throwIfAborted()
    },
  }
}

async function claim({ db, cache, concurrency, leaseSeconds }: ArchiveStageOptions): Promise<Upload[]> {
  const claimed = await archiveQueue.claim<KeptContentRow & { knownUrls: string[] }>(db, {
    limit: concurrency * 2,
    leaseSeconds,
    // Said here too, so that the index serves it as a range.
    where: 'q.cache_id = $1 AND q.archive_not_before <= now()',
    values: [cache.id],
    returning: `${keptColumns('q')}, ARRAY(SELECT DISTINCT m.archive_url FROM public.post_media m
      WHERE m.sha256_sum = q.sha256_sum AND m.archive_url IS NOT NULL) AS "knownUrls"`,
  })
  return claimed.map((row) => ({
    lease: { id: row.id, token: row.token, attempt: row.attempt },
    content: toKeptContent(row),
    knownUrls: row.knownUrls,
  }))
}

async function work(
  options: ArchiveStageOptions,
  pass: Pass,
  upload: Upload,
  kept: AbortSignal,
): Promise<void> {
  const { lease, content, knownUrls } = upload
  const signal = AbortSignal.any([pass.signal, kept])
  if (signal.aborted) return
  const outcome = await uploadContent(options, content, knownUrls, signal).catch(async (error: unknown) => {
    if (signal.aborted) return undefined
    options.log.warn({ err: error, sha256: content.sha256, attempt: lease.attempt }, 'an upload failed')
    if (!(await isOutage(options, error))) return { kind: 'failed', reason: String(error) } as const
    pass.stop(error)
    return undefined
  })
  if (outcome === undefined) return
  if (outcome.kind === 'lost') {
    options.log.warn({ sha256: content.sha256, reason: outcome.reason }, 'to be fetched again')
  }
  pass.settle({ lease, content, outcome })
}

/** What is wrong with the store as a whole, until someone mends it. */
const STORE_ERRORS = ['denied', 'bucket_missing', 'full', 'read_only', 'not_mounted']

/** When the store or the cache is away as a whole, no content is to blame: nothing counts as an attempt. */
async function isOutage({ archive }: ArchiveStageOptions, error: unknown): Promise<boolean> {
  if (error instanceof CacheUnavailableError) return true
  if (!(error instanceof ArchiveError)) return false
  if (STORE_ERRORS.includes(error.code)) return true
  try {
    await archive.ping()
    return false
  } catch {
    return true
  }
}
