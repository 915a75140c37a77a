import { readFileSync } from 'node:fs'
import v8 from 'node:v8'
import { createImportRun, runImport } from '@mediakeep/import'
import { openPool } from '@mediakeep/postgres'
import { sourceFormats } from '@mediakeep/sources'

// Runs in its own process, so that its memory is the import's alone: `import-process.ts DATABASE_URL FILE`.
// Same flag as the command line.
v8.setFlagsFromString('--semi-space-growth-factor=1')
const [url, path] = process.argv.slice(2)
const database = openPool(url!)
const start = performance.now()
const runId = await createImportRun(database, { files: [path!], machine: 'bench' })
const { status } = await runImport(database, { runId, formats: sourceFormats })
if (status !== 'completed') throw new Error(`The import ended as ${status}`)
const seconds = (performance.now() - start) / 1000
await database.close()
process.send!({ seconds, peakBytes: peakBytes() })
process.disconnect()

/** Avoids `maxRSS` on Linux, where a process starts with its parent's. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
}
