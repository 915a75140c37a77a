import { setTimeout as sleep } from 'node:timers/promises'
import { claimAnalyses, completeAnalyses } from '@mediakeep/analysis'
import { openPool } from '@mediakeep/postgres'

// A worker in its own process, next to others: `analysis-worker.fixture.ts DATABASE_URL NAME`. It runs `colours@1`
// until there is no work left, and prints how many analyses it completed.
const [url, worker] = process.argv.slice(2)
const db = openPool(url!, { max: 2 })
let completed = 0
for (;;) {
  const analysers = [{ name: 'colours', version: '1' }]
  const leases = await claimAnalyses(db, { analysers, limit: 3, leaseSeconds: 30, worker: worker! })
  if (leases.length === 0) break
  const results = leases.map(({ id, token }) => ({ id, token, result: { format: 'ours' } }))
  // Slow enough that other workers get their share.
  await sleep(40)
  completed += (await completeAnalyses(db, results)).filter((state) => state === 'completed').length
}
await db.close()
process.stdout.write(String(completed))
