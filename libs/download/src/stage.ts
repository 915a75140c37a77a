import type { Cache, Fetcher, Inspector, Sniffer } from '@mediakeep/content'
import type { Stage, StageLog, StageReport } from '@mediakeep/lease'
import type { Database } from '@mediakeep/sql'
import { downloadAttempts } from './attempts.ts'
import { hostClaims } from './claims.ts'
import { endingsWriter } from './endings-writer.ts'
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
  /** Rejects with the reason while there is no room for more: the stage then pauses, and logs it. */
  readonly assertRoom?: () => Promise<void>
  /** How long the stage pauses after the cache accepted no file, in seconds; default 30. */
  readonly pauseSeconds?: number
}

/**
 * The download stage: downloads waiting media references into the cache, the earliest expiry first. Any
 * number of processes may run it at once.
 */
export function downloadStage(options: DownloadStageOptions): Stage {
  const { cache, log, pauseSeconds = 30 } = options
  let pausedUntil = -Infinity
  const pause = (error: unknown): void => {
    if (pausedUntil <= performance.now()) {
      log.error({ err: error, pauseSeconds }, 'This machine can keep no files now: downloads pause')
    }
    pausedUntil = performance.now() + pauseSeconds * 1000
  }
  return {
    name: 'download',
    async drain(signal) {
      if (pausedUntil > performance.now()) return { done: 0, failed: 0 }
      try {
        const probe = await cache.createTemporary()
        await probe.discard()
        await options.assertRoom?.()
      } catch (error) {
        pause(error)
        return { done: 0, failed: 0 }
      }
      return drain(options, signal, pause)
    },
  }
}

async function drain(
  options: DownloadStageOptions,
  signal: AbortSignal,
  pause: (error: unknown) => void,
): Promise<StageReport> {
  const { db, concurrencyPerHost, log, maxLanes = 32, leaseSeconds = 30 } = options
  const trouble = new AbortController()
  const rest = hostRest()
  const claims = hostClaims(db, leaseSeconds)
  const permits = hostPermits(db, concurrencyPerHost, leaseSeconds)
  const work = mediaWork(options)
  const endings = endingsWriter(db, log, {
    onHostWaits: (host, seconds) => rest.hold(host, seconds),
    onMachineTrouble(error) {
      pause(error)
      trouble.abort()
    },
  })
  const onEnd = (row: DownloadRow): void => {
    if (claims.end(row)) rest.wake()
  }
  const attempts = downloadAttempts({ sql: db, work, endings, leaseSeconds, onEnd })
  const lanes = hostLanes({ attempts, claim: (host, limit) => claims.claim(host, limit) })
  try {
    await sweepHosts(db)
    await runLanes(
      { sql: db, permits, rest, concurrencyPerHost, maxLanes, lanes },
      AbortSignal.any([signal, trouble.signal]),
    )
  } finally {
    await attempts.close()
    permits.stop()
  }
  await work.finish()
  return attempts.report()
}
