import { Readable } from 'node:stream'
import { collisionPair } from '@mediakeep/checksum/collision'
import { ArchiveError, ArchiveMissError, type ArchiveSource } from '@mediakeep/content'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  digestsOf,
  flipped,
  MEBIBYTE,
  random,
  readAll,
  sourceOf,
  withBytes,
  type ArchiveHarness,
} from './harness.fixture.ts'

/** For S3: buffered, buffered at the limit, streamed, and in three parts. */
const SIZES = [0, 1, 50_000, MEBIBYTE, MEBIBYTE + 1, 11 * MEBIBYTE + 7]

/** Tests that every archive must pass. `create` returns an empty archive. */
export function archiveContract(name: string, create: () => Promise<ArchiveHarness>): void {
  describe(`${name} keeps the archive's contract`, () => {
    let harness: ArchiveHarness
    beforeAll(async () => {
      harness = await create()
    })
    const leavesNothing = async (source: ArchiveSource): Promise<void> => {
      expect((await harness.list()).filter((entry) => entry.includes(source.digests.md5))).toEqual([])
      expect(await harness.archive.head(source.key)).toBeUndefined()
    }

    test.each(SIZES)('%i bytes are stored, said back, read and verified', async (byteSize) => {
      const { archive } = harness
      const bytes = random(byteSize)
      const source = sourceOf(bytes)
      expect(await archive.put(source)).toBe('stored')
      expect(await archive.head(source.key)).toEqual({
        key: source.key,
        byteSize,
        sha256: source.digests.sha256,
      })
      expect(Buffer.compare(await readAll(await archive.open(source.key)), bytes)).toBe(0)
      expect(await archive.verify(source.key, source.digests, 'head')).toBe('ok')
      expect(await archive.verify(source.key, source.digests, 'deep')).toBe('ok')
      expect(await archive.put(source)).toBe('present')
    })

    test('reads ranges with both ends included', async () => {
      const { archive } = harness
      const bytes = random(300_000)
      const { key } = sourceOf(bytes)
      await archive.put(sourceOf(bytes))
      const read = async (start: number, end?: number): Promise<Buffer> =>
        readAll(await archive.open(key, { start, end }))
      expect(await read(0, 0)).toEqual(bytes.subarray(0, 1))
      expect(await read(70_000, 199_999)).toEqual(bytes.subarray(70_000, 200_000))
      expect(await read(299_990)).toEqual(bytes.subarray(299_990))
      expect(await read(0)).toEqual(bytes)
    })

    test.each([200_000, 6 * MEBIBYTE])('%i bytes from eight uploads at once are one object', async (size) => {
      const source = sourceOf(random(size))
      await Promise.all(Array.from({ length: 8 }, () => harness.archive.put(source)))
      expect((await harness.list()).filter((entry) => entry.includes(source.digests.md5))).toEqual([
        source.key,
      ])
      expect(await harness.archive.verify(source.key, source.digests, 'deep')).toBe('ok')
    })

    test.each([40_000, 2 * MEBIBYTE, 6 * MEBIBYTE])(
      'other content of %i bytes under a taken key is a conflict',
      async (byteSize) => {
        const first = sourceOf(random(byteSize))
        await harness.archive.put(first)
        const second = sourceOf(random(byteSize), first.key)
        await expect(harness.archive.put(second)).rejects.toMatchObject({
          name: 'ArchiveError',
          code: 'conflict',
        })
        expect(await harness.archive.verify(first.key, first.digests, 'deep')).toBe('ok')
      },
    )

    test('two contents with one MD5 are two objects', async () => {
      const [one, two] = collisionPair().map((bytes) => digestsOf(bytes))
      expect(one!.md5).toBe(two!.md5)
      const keys = [`media/79/${one!.md5}.bin`, `media/79/${two!.md5}-${two!.sha256}.bin`]
      for (const [index, bytes] of collisionPair().entries())
        await harness.archive.put(sourceOf(bytes, keys[index]))
      expect(await harness.archive.verify(keys[0]!, one!, 'deep')).toBe('ok')
      expect(await harness.archive.verify(keys[1]!, two!, 'deep')).toBe('ok')
      expect(await harness.archive.verify(keys[0]!, two!, 'deep')).toBe('corrupt')
      await expect(harness.archive.put(sourceOf(collisionPair()[1], keys[0]))).rejects.toMatchObject({
        code: 'conflict',
      })
    })

    test.each([30_000, 2 * MEBIBYTE, 6 * MEBIBYTE])(
      'a source of %i bytes that is not what its digests say leaves nothing',
      async (byteSize) => {
        const bytes = random(byteSize)
        const source = sourceOf(bytes)
        const wrong = [flipped(bytes), bytes.subarray(1)]
        // Range reads of a longer source return exactly the requested bytes.
        if (byteSize < 5 * MEBIBYTE) wrong.push(Buffer.concat([bytes, Buffer.alloc(1)]))
        for (const given of wrong) {
          const error: unknown = await harness.archive.put(withBytes(source, given)).catch((e: unknown) => e)
          expect(error).toBeInstanceOf(ArchiveError)
          expect(error).toMatchObject({ code: 'digest_mismatch' })
          await leavesNothing(source)
        }
      },
    )

    test.each([1000, 2 * MEBIBYTE, 6 * MEBIBYTE])(
      'a source of %i bytes that fails passes its error on',
      async (size) => {
        const source = sourceOf(random(size))
        const failure = new Error('The disk is gone')
        let opened = 0
        const failing: ArchiveSource = {
          ...source,
          open: () => {
            opened += 1
            return Promise.resolve(
              Readable.from(
                (function* () {
                  yield Buffer.alloc(500)
                  throw failure
                })(),
                { objectMode: false },
              ),
            )
          },
        }
        await expect(harness.archive.put(failing)).rejects.toBe(failure)
        expect(opened).toBeLessThanOrEqual(2)
        await leavesNothing(source)
      },
    )

    test.each([2 * MEBIBYTE, 6 * MEBIBYTE])(
      'an aborted upload of %i bytes leaves nothing',
      async (byteSize) => {
        const source = sourceOf(random(byteSize))
        const controller = new AbortController()
        const reason = new Error('Shutting down')
        const slow: ArchiveSource = {
          ...source,
          open: async (range) => {
            const whole = await source.open(range)
            return Readable.from(
              (async function* () {
                for await (const chunk of whole as AsyncIterable<Buffer>) {
                  yield chunk
                  controller.abort(reason)
                  await new Promise((resolve) => setTimeout(resolve, 5))
                }
              })(),
              { objectMode: false },
            )
          },
        }
        await expect(harness.archive.put(slow, controller.signal)).rejects.toBe(reason)
        await leavesNothing(source)
        await expect(harness.archive.put(source, AbortSignal.abort(reason))).rejects.toBe(reason)
      },
    )

    test('bit rot and truncation are found, and mended by the next upload', async () => {
      const { archive } = harness
      const bytes = random(100_000)
      const source = sourceOf(bytes)
      const { key, digests } = source
      await archive.put(source)
      await harness.plant(key, flipped(bytes), digests.sha256)
      expect(await archive.verify(key, digests, 'deep')).toBe('corrupt')
      expect(await archive.put(source)).toMatch(/stored|present/)
      expect(await archive.verify(key, digests, 'deep')).toBe('ok')
      await harness.plant(key, bytes.subarray(0, 99_999), digests.sha256)
      expect(await archive.verify(key, digests, 'head')).toBe('corrupt')
      expect(await archive.verify(key, digests, 'deep')).toBe('corrupt')
      await archive.put(source)
      expect(await archive.verify(key, digests, 'deep')).toBe('ok')
    })

    test('an object of the older tool is unproven by head, and proved by its bytes', async () => {
      const { archive } = harness
      const bytes = random(10_000)
      const digests = digestsOf(bytes)
      const key = `cache/2025/11/${digests.md5}.jpg`
      await harness.plant(key, bytes)
      expect(await archive.head(key)).toEqual({ key, byteSize: 10_000, sha256: undefined })
      expect(await archive.verify(key, digests, 'head')).toBe('unproven')
      expect(await archive.verify(key, { ...digests, byteSize: 9 }, 'head')).toBe('corrupt')
      expect(await archive.verify(key, digests, 'deep')).toBe('ok')
      expect(await archive.verify(key, digestsOf(flipped(bytes)), 'deep')).toBe('corrupt')
      expect(await archive.put(sourceOf(bytes, key))).toBe('present')
      expect(archive.keyOf(archive.urlOf(key))).toBe(key)
    })

    test('what is not there is missing, and may be removed', async () => {
      const { archive } = harness
      const { key, digests } = sourceOf(random(10))
      expect(await archive.head(key)).toBeUndefined()
      expect(await archive.verify(key, digests, 'head')).toBe('missing')
      expect(await archive.verify(key, digests, 'deep')).toBe('missing')
      await expect(archive.open(key)).rejects.toBeInstanceOf(ArchiveMissError)
      await archive.remove(key)
    })

    test('removes an object whole', async () => {
      const source = sourceOf(random(10))
      await harness.archive.put(source)
      await harness.archive.remove(source.key)
      await leavesNothing(source)
      expect(await harness.archive.put(source)).toBe('stored')
    })

    test('an aborted read fails with the reason', async () => {
      const source = sourceOf(random(4 * MEBIBYTE))
      await harness.archive.put(source)
      const controller = new AbortController()
      const stream = await harness.archive.open(source.key, undefined, controller.signal)
      controller.abort(new Error('enough'))
      await expect(readAll(stream)).rejects.toThrow()
      const unread = await harness.archive.open(source.key)
      unread.destroy()
    })

    test("other archives' URLs are not ours", () => {
      const { archive } = harness
      const foreign = [
        's3://other-bucket/media/aa/b.jpg',
        'https://example.org/a.jpg',
        'file:///etc/passwd',
        '',
      ]
      for (const url of [...foreign, archive.urlOf('../x'), archive.urlOf(''), archive.urlOf('a//b')]) {
        expect(archive.keyOf(url)).toBeUndefined()
      }
    })

    test('answers a ping', async () => {
      await harness.archive.ping()
    })
  })
}
