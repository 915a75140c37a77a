import { existsSync, readFileSync } from 'node:fs'
import { openPool } from '@mediakeep/postgres'
import { previewImport, runImport } from './index.ts'
import { formats } from './posts.fixture.ts'

// A process of its own that looks at a posts file, or does the run that imports it: `<file> [<database URL> <run id>]`.
// Prints how many posts it found, and its peak memory in bytes.
const [file, url, runId] = process.argv.slice(2)
const posts =
  runId === undefined ? (await previewImport([file!], formats)).posts : await imported(url!, runId)
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
// Linux hands the parent's peak down to what it starts, but for the one in /proc.
const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS
process.stdout.write(JSON.stringify({ posts, peakBytes: Number(kibibytes) * 1024 }))

async function imported(databaseUrl: string, run: string): Promise<number> {
  const db = openPool(databaseUrl)
  const progress = await runImport(db, { runId: run, formats })
  await db.close()
  return progress.posts.processed
}
