import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openCache } from '@mediakeep/cache'
import { digestBytes, type Digests } from '@mediakeep/checksum'
import { cachePath } from '@mediakeep/content'
import { compare, type Comparison } from './compare.ts'
import { withScratch } from './scratch.ts'

const run = promisify(execFile)
const FILES = 4000
const BYTES = 50_000

/** Measures the verification of a cache of small files on all cores. */
export async function benchVerify(): Promise<Comparison[]> {
  return await withScratch(async (folder) => {
    const cache = await openCache(folder, { create: true })
    await mkdir(join(folder, 'images'), { recursive: true })
    const entries: { path: string; digests: Digests }[] = []
    for (let index = 0; index < FILES; index++) {
      const bytes = randomBytes(BYTES)
      const digests = digestBytes(bytes)
      const path = cachePath({ mediaType: 'image', name: digests.md5, extension: 'bin' })
      await writeFile(join(folder, path), bytes)
      entries.push({ path, digests })
    }
    const paths = entries.map((entry) => join(folder, entry.path))
    return await compare({
      name: 'verify 4,000 files of 50 KB',
      unit: 'MB/s',
      ours: {
        run: async () => {
          for await (const { check } of cache.verifyMany(entries)) if (check !== 'ok') throw new Error(check)
          return (FILES * BYTES) / 1e6
        },
      },
      references: [
        {
          against: 'one md5sum',
          aim: 1.2,
          run: async () => {
            await run('md5sum', paths, { maxBuffer: 1e8 })
            return (FILES * BYTES) / 1e6
          },
        },
      ],
    })
  })
}
