import { openPool } from '@mediakeep/postgres'
import { runImport } from './index.ts'
import { formats } from './posts.fixture.ts'

// A separate process that performs a run: `node import-process.fixture.ts <database URL> <run id>`.
const [url, runId] = process.argv.slice(2)
await runImport(openPool(url!), {
  runId: runId!,
  formats,
  leaseSeconds: 2,
  onProgress: ({ posts }) => process.stdout.write(`${posts.processed}\n`),
})
