import type { Stage } from '@mediakeep/lease'
import { hostClaims } from './claims.ts'
import { hostLanes } from './host-lanes.ts'
import { hostBackoff } from './host-backoff.ts'
import { sweepHosts } from './hosts.ts'
import { hostPermits } from './permits.ts'
import { runLanes } from './scheduler.ts'
import { assertStorable, LEASE_SECONDS, storingPass, type StoringOptions } from './storing-pass.ts'

export interface DownloadStageOptions extends StoringOptions {
  /** Connections to one host, across all processes. */
  readonly concurrencyPerHost: number
  /** Connections of this process to all hosts; default 32. */
  readonly maxLanes?: number
}

/**
 * The download stage: downloads waiting media references into the cache, the earliest expiry first. Any
 * number of processes may run it at once. A pass fails when this machine can store or inspect no files: the rows stay
 * in the queue, without a lost attempt.
 */
export function downloadStage(options: DownloadStageOptions): Stage {
  const { db, concurrencyPerHost, maxLanes = 32, leaseSeconds = LEASE_SECONDS } = options
  return {
    name: 'download',
    async drain(signal) {
      await assertStorable(options, signal)
      const rest = hostBackoff()
      const claims = hostClaims(db, leaseSeconds)
      const permits = hostPermits(db, concurrencyPerHost, leaseSeconds)
      return storingPass(
        options,
        {
          async run(attempts, either) {
            const lanes = hostLanes({ attempts, claim: (host, limit) => claims.claim(host, limit) })
            await sweepHosts(db)
            await runLanes({ sql: db, permits, rest, concurrencyPerHost, maxLanes, lanes }, either)
          },
          onEnd: (row) => {
            if (claims.end(row)) rest.wake()
          },
          onHostWaits: (host, seconds) => rest.hold(host, seconds),
          close: () => permits.stop(),
        },
        signal,
      )
    },
  }
}
