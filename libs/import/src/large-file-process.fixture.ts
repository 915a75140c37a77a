import { existsSync, readFileSync } from 'node:fs'
import { openPool } from '@mediakeep/postgres'
import { previewImport, runImport } from './index.ts'
import { formats } from './posts.fixture.ts'

// A separate process that previews a posts file, or runs its import: `<file> [<database URL> <run id>]`.
// Prints the number of posts found, and its peak memory in bytes.
const [file, url, runId] = process.argv.slice(2)
const posts =
  runId === undefined ? (await previewImport([file!], formats)).posts : await imported(url!, runId)
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
// On Linux, child processes inherit the parent's peak, except for the value in /proc.
const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS
process.stdout.write(JSON.stringify({ posts, peakBytes: Number(kibibytes) * 1024 }))

async function imported(databaseUrl: string, run: string): Promise<number> {
  const db = openPool(databaseUrl)
  const progress = await runImport(db, { runId: run, formats })
  await db.close()
  return progress.posts.processed
}
