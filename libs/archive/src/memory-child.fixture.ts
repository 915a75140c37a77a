import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { DigestCounter } from '@mediakeep/checksum'
import type { ArchiveSource } from '@mediakeep/content'
import { MEBIBYTE } from './harness.fixture.ts'
import { openS3Archive, type S3ArchiveOptions } from './s3-archive.ts'

/** Uploads the given number of MiB in a separate process; prints its peak memory in MiB. */
const [options, mebibytes] = JSON.parse(process.argv[2] ?? '') as [S3ArchiveOptions, number]
const byteSize = mebibytes * MEBIBYTE
const block = randomBytes(MEBIBYTE)

function* blocks(start: number, end: number): Generator<Buffer> {
  for (let offset = start; offset <= end;) {
    const at = offset % MEBIBYTE
    const chunk = block.subarray(at, Math.min(at + 65_536, MEBIBYTE, at + end - offset + 1))
    // Copied, as a file would be; otherwise nothing would ever be allocated.
    yield Buffer.from(chunk)
    offset += chunk.byteLength
  }
}

/** On Linux a child process inherits its parent's peak, except in /proc. */
function peakMebibytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  const highWater = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return (highWater === undefined ? process.resourceUsage().maxRSS : Number(highWater)) / 1024
}

const counter = new DigestCounter()
for (const chunk of blocks(0, byteSize - 1)) counter.update(chunk)
const digests = counter.digests()
const source: ArchiveSource = {
  key: `media/${digests.md5.slice(0, 2)}/${digests.md5}.mp4`,
  digests,
  mimeType: 'video/mp4',
  open: (range) => {
    const { start = 0, end = byteSize - 1 } = range ?? {}
    return Promise.resolve(Readable.from(blocks(start, end), { objectMode: false }))
  },
}
const archive = openS3Archive(options)
const result = await archive.put(source)
const check = await archive.verify(source.key, digests, 'deep')
await archive.remove(source.key)
process.stdout.write(JSON.stringify({ result, check, peakMebibytes: peakMebibytes() }))
