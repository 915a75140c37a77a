import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache, Fetcher, Inspector, Sniffer } from '@mediakeep/content'
import type { Stage, StageLog, StageReport } from '@mediakeep/lease'
import type { Database } from '@mediakeep/sql'
import { downloadAttempts } from './attempts.ts'
import { hostClaims } from './claims.ts'
import { endingsWriter } from './endings-writer.ts'
import { isOutOfSpace } from './failure.ts'
import { hostLanes } from './host-lanes.ts'
import { hostRest } from './host-rest.ts'
import { sweepHosts } from './hosts.ts'
import { mediaWork } from './media-work.ts'
import { hostPermits } from './permits.ts'
import type { DownloadRow } from './queue.ts'
import { runLanes } from './scheduler.ts'

export interface DownloadStageOptions {
  readonly db: Database
  readonly cache: Cache
  readonly fetcher: Fetcher
  readonly sniffer: Sniffer
  /** For files left by the older tool; fetched files are inspected later, in a separate stage. */
  readonly inspector: Inspector
  /** Connections to one host, across all processes. */
  readonly concurrencyPerHost: number
  readonly log: StageLog
  /** Connections of this process to all hosts; default 32. */
  readonly maxLanes?: number
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

/**
 * The download stage: downloads waiting media references into the cache, the earliest expiry first. Any
 * number of processes may run it at once. A pass fails when this machine can store or inspect no files: the rows stay
 * in the queue, without a lost attempt.
 */
export function downloadStage(options: DownloadStageOptions): Stage {
  return {
    name: 'download',
    async drain(signal) {
      const probe = await options.cache.createTemporary()
      await probe.discard()
      await options.makeRoom?.({ isFull: false, signal })
      return drain(options, signal)
    },
  }
}

async function drain(options: DownloadStageOptions, signal: AbortSignal): Promise<StageReport> {
  const { db, concurrencyPerHost, log, maxLanes = 32, leaseSeconds = 30 } = options
  const trouble = new AbortController()
  const either = AbortSignal.any([signal, trouble.signal])
  const rest = hostRest()
  const claims = hostClaims(db, leaseSeconds)
  const permits = hostPermits(db, concurrencyPerHost, leaseSeconds)
  const work = mediaWork(options)
  const endings = endingsWriter(db, log, {
    onHostWaits: (host, seconds) => rest.hold(host, seconds),
    onMachineTrouble: (error) => trouble.abort(error),
  })
  const onEnd = (row: DownloadRow): void => {
    if (claims.end(row)) rest.wake()
  }
  const attempts = downloadAttempts({ sql: db, work, endings, leaseSeconds, onEnd })
  const lanes = hostLanes({ attempts, claim: (host, limit) => claims.claim(host, limit) })
  const watch = watchRoom(options, either, (error) => trouble.abort(error))
  try {
    await sweepHosts(db)
    await runLanes({ sql: db, permits, rest, concurrencyPerHost, maxLanes, lanes }, either)
  } finally {
    await watch.stop()
    await attempts.close()
    permits.stop()
  }
  await work.finish()
  if (trouble.signal.aborted && !signal.aborted) await recover(options, trouble.signal.reason, signal)
  return attempts.report()
}

/** Makes room again after a full disk, so that the next pass can continue. @throws any other trouble */
async function recover(
  { makeRoom }: DownloadStageOptions,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (!makeRoom || !isOutOfSpace(error)) throw error
  await makeRoom({ isFull: true, signal })
}

/** Makes room regularly during a pass, which may take days. */
function watchRoom(
  { makeRoom, roomCheckSeconds = 5 }: DownloadStageOptions,
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
