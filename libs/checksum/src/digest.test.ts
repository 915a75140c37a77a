import { createHash } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COLLISION_MD5, collisionPair } from './collision.ts'
import { digestBytes, digestFile, hashOpenFileSync } from './digest.ts'
import { DigestCounter, type Digests } from './digests.ts'

/** RFC 1321 appendix A.5 and FIPS 180-2 appendix B. */
const VECTORS: [string, string, string][] = [
  [
    '',
    'd41d8cd98f00b204e9800998ecf8427e',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ],
  [
    'abc',
    '900150983cd24fb0d6963f7d28e17f72',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '8215ef0796a20bcaaae116d3876c664a',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
]

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checksum-'))
})

afterAll(() => rm(folder, { recursive: true }))

function hashTwice(path: string, byteSize: number, buffer: Buffer): Digests {
  const [md5, sha256] = (['md5', 'sha256'] as const).map((algorithm) => {
    const file = openSync(path, 'r')
    try {
      return hashOpenFileSync(file, algorithm, buffer)
    } finally {
      closeSync(file)
    }
  })
  return { md5: md5 ?? '', sha256: sha256 ?? '', byteSize }
}

async function allWays(bytes: Buffer, chunks: readonly Uint8Array[]): Promise<unknown[]> {
  const path = join(folder, 'file')
  await writeFile(path, bytes)
  const counter = new DigestCounter()
  for (const chunk of chunks) counter.update(chunk)
  return [
    digestBytes(bytes),
    counter.digests(),
    await digestFile(path),
    hashTwice(path, bytes.length, Buffer.alloc(1024 * 1024)),
    hashTwice(path, bytes.length, Buffer.alloc(7)),
  ]
}

test.each(VECTORS)(
  'gives the published digests of "%s", whichever way the bytes come',
  async (text, md5, sha256) => {
    const bytes = Buffer.from(text)
    for (const digests of await allWays(bytes, [bytes])) {
      expect(digests).toEqual({ md5, sha256, byteSize: bytes.length })
    }
  },
)

test('does not depend on how the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), async (chunks) => {
      const bytes = Buffer.concat(chunks)
      const [expected, ...others] = await allWays(bytes, chunks)
      for (const digests of others) expect(digests).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

test.each([-1, 0, 1, 128 * 1024 + 1, 1024 * 1024])(
  'reads past the 1 MiB buffer (%i bytes more)',
  async (more) => {
    const bytes = Buffer.alloc(1024 * 1024 + more, 'mediakeep')
    const expected = {
      md5: createHash('md5').update(bytes).digest('hex'),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      byteSize: bytes.length,
    }
    for (const digests of await allWays(bytes, [bytes])) expect(digests).toEqual(expected)
  },
)

test('tells two contents with one MD5 apart by SHA-256', () => {
  const [first, second] = collisionPair().map(digestBytes)
  expect([first?.md5, second?.md5]).toEqual([COLLISION_MD5, COLLISION_MD5])
  expect(first?.sha256).not.toBe(second?.sha256)
})

test('passes on the errors of the file system', async () => {
  await expect(digestFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
})
