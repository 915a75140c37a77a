import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestFile } from '@mediakeep/checksum'
import { compare, type Comparison } from './compare.ts'
import { withScratch } from './scratch.ts'

const MIB = 1024 ** 2
const FILE_MIB = 256

/** Measures both digests of one large file, in one pass. */
export async function benchDigest(): Promise<Comparison[]> {
  return await withScratch(async (folder) => {
    const path = join(folder, 'random.bin')
    await writeFile(path, randomBytes(FILE_MIB * MIB))
    return await compare({
      name: 'digest: MD5 + SHA-256',
      unit: 'MiB/s',
      ours: { run: () => digestFile(path).then(() => FILE_MIB) },
      references: [
        {
          against: 'bare node:crypto, the same two digests',
          aim: 0.95,
          run: () => bareDigests(path).then(() => FILE_MIB),
        },
      ],
    })
  })
}

async function bareDigests(path: string): Promise<void> {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: MIB })) {
    md5.update(chunk as Buffer)
    sha256.update(chunk as Buffer)
  }
  md5.digest('hex')
  sha256.digest('hex')
}
