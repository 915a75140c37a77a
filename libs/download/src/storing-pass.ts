import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache, Fetcher, Inspector, Sniffer } from '@mediakeep/content'
import type { StageLog, StageReport } from '@mediakeep/lease'
import type { Database } from '@mediakeep/sql'
import { downloadAttempts, type Attempts } from './attempts.ts'
import { endingsWriter } from './endings-writer.ts'
import { isOutOfSpace } from './failure.ts'
import { mediaWork } from './media-work.ts'
import type { DownloadRow } from './queue.ts'

export interface StoringOptions {
  readonly db: Database
  readonly cache: Cache
  readonly fetcher: Fetcher
  readonly sniffer: Sniffer
  /** For files left by the older tool; fetched files are inspected later, in a separate stage. */
  readonly inspector: Inspector
  readonly log: StageLog
  /** How long rows and permits of a dead process stay leased, in seconds; default 30. */
  readonly leaseSeconds?: number
  /**
   * Makes room for more files. `isFull` is true after the disk refused a write. Rejects with the reason when there is
   * no room: the pass then ends with this error.
   */
  readonly makeRoom?: (options: { isFull: boolean; signal: AbortSignal }) => Promise<void>
  /** Interval between checks for room during a pass, in seconds; default 5. */
  readonly roomCheckSeconds?: number
}

export const LEASE_SECONDS = 30

export interface PassParts {
  run(attempts: Attempts, signal: AbortSignal): Promise<void>
  /** Called after an attempt has ended. */
  onEnd?(row: DownloadRow): void
  /** A host asked for a pause. */
  onHostWaits?(host: string, seconds: number): void
  /** Called when all attempts have ended. */
  close?(): void
}

/**
 * A pass that stores files in the cache. Fails when this machine can store or inspect no files: the rows stay in the
 * queue, without a lost attempt.
 */
export async function storingPass(
  options: StoringOptions,
  parts: PassParts,
  signal: AbortSignal,
): Promise<StageReport> {
  const { db, log, leaseSeconds = LEASE_SECONDS } = options
  const trouble = new AbortController()
  const either = AbortSignal.any([signal, trouble.signal])
  const work = mediaWork(options)
  const endings = endingsWriter(db, log, {
    onHostWaits: (host, seconds) => parts.onHostWaits?.(host, seconds),
    onMachineTrouble: (error) => trouble.abort(error),
  })
  const onEnd = (row: DownloadRow): void => parts.onEnd?.(row)
  const attempts = downloadAttempts({ sql: db, work, endings, leaseSeconds, onEnd })
  const watch = watchRoom(options, either, (error) => trouble.abort(error))
  try {
    await parts.run(attempts, either)
  } finally {
    await watch.stop()
    await attempts.close()
    parts.close?.()
  }
  await work.finish()
  if (trouble.signal.aborted && !signal.aborted) await recover(options, trouble.signal.reason, signal)
  return attempts.report()
}

/** Fails when the cache cannot store files, or has no room. */
export async function assertStorable(
  { cache, makeRoom }: Pick<StoringOptions, 'cache' | 'makeRoom'>,
  signal: AbortSignal,
): Promise<void> {
  const probe = await cache.createTemporary()
  await probe.discard()
  await makeRoom?.({ isFull: false, signal })
}

/** Makes room again after a full disk, so that the next pass can continue. @throws any other trouble */
async function recover({ makeRoom }: StoringOptions, error: unknown, signal: AbortSignal): Promise<void> {
  if (!makeRoom || !isOutOfSpace(error)) throw error
  await makeRoom({ isFull: true, signal })
}

/** Makes room regularly during a pass, which may take days. */
function watchRoom(
  { makeRoom, roomCheckSeconds = 5 }: StoringOptions,
  signal: AbortSignal,
  onTrouble: (error: unknown) => void,
): { stop(): Promise<void> } {
  const end = new AbortController()
  const watching = async (): Promise<void> => {
    for (;;) {
      await sleep(roomCheckSeconds * 1000, undefined, { signal: end.signal })
      await makeRoom?.({ isFull: false, signal })
    }
  }
  const done = watching().catch((error: unknown) => {
    if (!end.signal.aborted && !signal.aborted) onTrouble(error)
  })
  return {
    async stop() {
      end.abort()
      await done
    },
  }
}
