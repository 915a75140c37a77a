import { setTimeout as sleep } from 'node:timers/promises'
import { openPool } from '@mediakeep/postgres'
import { claimAnalyses } from './claim.ts'
import { completeAnalyses, failAnalyses } from './settle.ts'

// A worker process of the chaos test: `node chaos-worker.fixture.ts <database> <name>`. Four workers at once.
const [url, name] = process.argv.slice(2) as [string, string]
const LEASE_SECONDS = 2
const pool = openPool(url, { max: 4 })

async function work(worker: string): Promise<void> {
  for (;;) {
    try {
      const limit = 1 + Math.floor(Math.random() * 40)
      const leases = await claimAnalyses(pool, { limit, leaseSeconds: LEASE_SECONDS, worker })
      await sleep(Math.random() * 60)
      const [failing, passing] = [leases.filter(() => Math.random() < 0.002), leases]
      await failAnalyses(
        pool,
        failing.map((lease) => ({ ...lease, error: 'as it happens', retryable: true })),
      )
      const passed = passing.filter((lease) => !failing.includes(lease))
      // The result includes its own clock, to show the jumps.
      const result = { worker, clock: new Date().toISOString() }
      await completeAnalyses(
        pool,
        passed.map((lease) => ({ ...lease, result })),
      )
      if (leases.length === 0) await sleep(100)
    } catch {
      // The server is restarting; leases return by themselves.
      await sleep(100)
    }
  }
}

await Promise.all([1, 2, 3, 4].map((n) => work(`${name}.${n}`)))
