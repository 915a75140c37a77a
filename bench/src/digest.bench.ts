import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { digestFile } from '@mediakeep/checksum'
import { compare, type Comparison } from './compare.ts'
import { withScratch, writeRandomFiles } from './scratch.ts'

const MIB = 1024 ** 2
const FILE_MIB = 256

/** Both digests of one large file, in one pass. */
export async function benchDigest(): Promise<Comparison[]> {
  return await withScratch(async (folder) => {
    const [path] = await writeRandomFiles(folder, 1, FILE_MIB * MIB)
    return [
      await compare({
        name: 'digest: MD5 + SHA-256',
        unit: 'MiB/s',
        aim: 0.95,
        against: 'bare node:crypto, the same two digests',
        ours: { run: () => digestFile(path!).then(() => FILE_MIB) },
        reference: { run: () => bareDigests(path!).then(() => FILE_MIB) },
      }),
    ]
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
