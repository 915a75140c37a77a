import { existsSync, readFileSync } from 'node:fs'
import { previewImport } from './index.ts'
import { formats } from './posts.fixture.ts'

// A process of its own that reads a posts file; prints how many posts it found, and its peak memory in bytes.
const { posts } = await previewImport([process.argv[2]!], formats)
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
// Linux hands the parent's peak down to what it starts, but for the one in /proc.
const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS
process.stdout.write(JSON.stringify({ posts, peakBytes: Number(kibibytes) * 1024 }))
