// node tools/src/typed-sql/main.ts: writes the module of each .sql file, or says which statements PostgreSQL rejects.
import { join } from 'node:path'
import { migrate } from '@mediakeep/migrations'
import { withScratchDatabase } from '../scratch.ts'
import { findStale, generateStatements, writeModules } from './generate.ts'

const ROOT = join(import.meta.dirname, '../../..')

// Does not load libs/db/src/database.ts: it imports generated modules, which may be missing or stale now.
const migrations = {
  folder: join(ROOT, 'libs/db/migrations'),
  historySchema: 'mediakeep',
  historyTable: 'migrations',
  searchPath: 'public, extensions, pg_temp',
}

const generated = await withScratchDatabase(async (url) => {
  await migrate({ ...migrations, url })
  return await generateStatements(ROOT, url)
})
for (const problem of generated.problems) process.stderr.write(`${problem}\n`)
if (generated.problems.length > 0) {
  process.exitCode = 1
} else {
  const stale = await findStale(ROOT, generated)
  await writeModules(ROOT, generated)
  for (const path of stale) process.stdout.write(`${path}\n`)
}
