// node libs/db/scripts/migrate-under-load.js [rows] [seconds of the long reader]
// Migrates a database of section 1 to the newest version under load, and prints how long others had to wait.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { migrateUnderLoad } from '../src/migrate-load.fixture.ts'

const [rows = '5000000', seconds = '30'] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'migrate-load-'))
await chmod(folder, 0o755)
const server = await openEmbeddedPostgres(join(folder, 'postgres'), {
  settings: ['shared_buffers=1GB', 'max_wal_size=8GB', 'maintenance_work_mem=512MB'],
})
try {
  const url = await createDatabase(server.url, 'load')
  const report = await migrateUnderLoad({
    url,
    rows: Number(rows),
    readerMs: Number(seconds) * 1000,
    log: console.log,
  })
  console.log(JSON.stringify(report, null, 2))
  const worst = Math.max(...Object.values(report.slowest))
  const ok = worst <= 2000 && report.lost === 0 && report.failed.length === 0
  console.log(
    `${ok ? 'held' : 'NOT held'}: the slowest statement took ${worst} ms (limit 2000), ${report.lost} writes lost`,
  )
  process.exitCode = ok ? 0 : 1
} finally {
  await server.close()
  await rm(folder, { recursive: true, force: true })
}
