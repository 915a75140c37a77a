import { setTimeout as sleep } from 'node:timers/promises'
import { ArchiveError } from '@mediakeep/content'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startFaultyProxy, type Fault, type FaultyProxy } from '@mediakeep/faults'
import { MEBIBYTE, random, readAll, sourceOf, type ArchiveHarness } from './harness.fixture.ts'
import { openS3Archive } from './s3-archive.ts'
import { archiveOptions, cephTarget, s3Harness, startFake, type S3Target } from './s3-harness.fixture.ts'

const ATTEMPTS = 3
const PASSING: [name: string, fault: Fault, code: string][] = [
  ['500', { status: 500, code: 'InternalError' }, 'unavailable'],
  ['503 SlowDown', { status: 503, code: 'SlowDown' }, 'unavailable'],
  ['429', { status: 429, code: 'TooManyRequests' }, 'unavailable'],
  ['a hang', 'hang', 'timeout'],
  ['a cut connection', 'cut', 'network'],
]
const SIZES: [name: string, byteSize: number][] = [
  ['in one buffer', 50_000],
  ['as a stream', 3 * MEBIBYTE],
  ['in parts', 6 * MEBIBYTE],
]

function suite(name: string, target: S3Target, keepsConditions: boolean): void {
  describe(`The S3 archive before a misbehaving ${name}`, () => {
    let proxy: FaultyProxy
    let harness: ArchiveHarness
    let archive: ArchiveHarness['archive']
    beforeAll(async () => {
      proxy = await startFaultyProxy(target.endpoint)
      const { bucket, ...direct } = await s3Harness(target)
      harness = direct
      const through = { ...target, endpoint: proxy.endpoint }
      archive = openS3Archive({
        ...archiveOptions(through, bucket),
        requestTimeoutMs: 1000,
        maxAttempts: ATTEMPTS,
        multipartThreshold: 5 * MEBIBYTE,
      })
      await archive.put(sourceOf(random(10)))
    })
    afterEach(() => proxy.misbehave(() => undefined))
    afterAll(() => proxy.close())
    const puts = (): number => proxy.seen.filter((line) => line.startsWith('PUT')).length
    const entries = async (md5: string): Promise<string[]> =>
      (await harness.list()).filter((entry) => entry.includes(md5))

    test('an object whose HEAD says no length is neither corrupt nor removed', async () => {
      const source = sourceOf(random(50_000))
      expect(await archive.put(source)).toBe('stored')
      proxy.misbehave((line) => (line.startsWith('HEAD') ? 'no_length' : undefined))
      expect(await archive.verify(source.key, source.digests, 'head')).toBe('ok')
      expect(await archive.put(source)).toBe('present')
      expect(proxy.seen.filter((line) => line.startsWith('DELETE') && line.includes(source.key))).toEqual([])
      expect(await entries(source.digests.md5)).toEqual([source.key])
    })

    describe.each(SIZES)('%s', (_, byteSize) => {
      test.each(PASSING)('%s that passes is got over', async (_name, fault) => {
        const source = sourceOf(random(byteSize))
        const opened = vi.fn(source.open)
        proxy.misbehave((_line, count) => (count === 1 ? fault : undefined))
        expect(await archive.put({ ...source, open: opened })).toBe('stored')
        expect(await harness.archive.verify(source.key, source.digests, 'deep')).toBe('ok')
        // A stream is reopened, a part in memory is not.
        expect(opened).toHaveBeenCalledTimes(2)
        // Ceph still lists an upload briefly after its completion.
        await expect.poll(() => entries(source.digests.md5)).toEqual([source.key])
      })

      test.each(PASSING)('%s that stays is reported and leaves nothing', async (_name, fault, code) => {
        const source = sourceOf(random(byteSize))
        proxy.misbehave((line) => (line.startsWith('PUT') ? fault : undefined))
        const error: unknown = await archive.put(source).catch((e: unknown) => e)
        expect(error).toBeInstanceOf(ArchiveError)
        expect(error).toMatchObject({ code, retryable: true, cause: expect.any(Error) as Error })
        // With two parts, the second is cancelled once the first has failed permanently.
        expect(puts()).toBeGreaterThanOrEqual(ATTEMPTS)
        expect(puts()).toBeLessThanOrEqual(byteSize > 5 * MEBIBYTE ? 2 * ATTEMPTS : ATTEMPTS)
        expect(await entries(source.digests.md5)).toEqual([])
        // Not every store lists unfinished uploads.
        const isEnd = (line: string): boolean => line.startsWith('DELETE') && line.includes('uploadId=')
        expect(proxy.seen.filter(isEnd)).toHaveLength(byteSize > 5 * MEBIBYTE ? 1 : 0)
      })

      test('corruption on the way is detected, sent again, and reported when it stays', async () => {
        const source = sourceOf(random(byteSize))
        proxy.misbehave((line) => (line.startsWith('PUT') && puts() === 1 ? 'corrupt' : undefined))
        expect(await archive.put(source)).toBe('stored')
        expect(await harness.archive.verify(source.key, source.digests, 'deep')).toBe('ok')
        const other = sourceOf(random(byteSize))
        proxy.misbehave((line) => (line.startsWith('PUT') ? 'corrupt' : undefined))
        await expect(archive.put(other)).rejects.toMatchObject({ code: 'digest_mismatch', retryable: true })
        expect(await entries(other.digests.md5)).toEqual([])
      })

      test('an answer that is lost is found out', async () => {
        const source = sourceOf(random(byteSize))
        proxy.misbehave((line, count) =>
          !line.startsWith('HEAD') && count === 1 ? 'lose_answer' : undefined,
        )
        expect(await archive.put(source)).toMatch(/stored|present/)
        expect(await harness.archive.verify(source.key, source.digests, 'deep')).toBe('ok')
        expect((await entries(source.digests.md5)).filter((entry) => entry === source.key)).toHaveLength(1)
      })
    })

    test('an upload whose creation was not heard of is ended', async () => {
      const source = sourceOf(random(6 * MEBIBYTE))
      let lost = 0
      proxy.misbehave((line) =>
        line.startsWith('POST') && /[?&]uploads/.test(line) && lost++ === 0 ? 'lose_answer' : undefined,
      )
      expect(await archive.put(source)).toBe('stored')
      expect(lost).toBe(2)
      // fauxqs lists no uploads; on Ceph this fails if nothing looks for the first upload.
      await expect.poll(() => entries(source.digests.md5)).toEqual([source.key])
    })

    test.each([50_000, 6 * MEBIBYTE])('an error under 200 is no success (%i bytes)', async (byteSize) => {
      const source = sourceOf(random(byteSize))
      const last = byteSize > 5 * MEBIBYTE ? 'POST' : 'PUT'
      const isLast = (line: string): boolean => line.startsWith(last) && !line.includes('?uploads')
      proxy.misbehave((line, count) =>
        isLast(line) && count === 1 ? { status: 200, code: 'InternalError' } : undefined,
      )
      expect(await archive.put(source)).toBe('stored')
      expect(await harness.archive.verify(source.key, source.digests, 'deep')).toBe('ok')
      const other = sourceOf(random(byteSize))
      proxy.misbehave((line) => (isLast(line) ? { status: 200, code: 'InternalError' } : undefined))
      await expect(archive.put(other)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
      expect(await entries(other.digests.md5)).toEqual([])
    })

    test('a small upload is one request, and one that looks at what came of it', async () => {
      proxy.misbehave(() => undefined)
      const source = sourceOf(random(50_000))
      await archive.put(source)
      const asked = proxy.seen.map((line) => line.split(' ')[0]!)
      // If the store ignores conditions, the object is checked first.
      expect(asked).toEqual(keepsConditions ? ['PUT', 'HEAD'] : ['HEAD', 'PUT', 'HEAD'])
    })

    test('a success that has stored nothing is found out', async () => {
      const source = sourceOf(random(50_000))
      proxy.misbehave((line) => (line.startsWith('PUT') && puts() === 1 ? 'pretend' : undefined))
      expect(await archive.put(source)).toBe('stored')
      expect(await harness.archive.verify(source.key, source.digests, 'deep')).toBe('ok')
      proxy.misbehave((line) => (line.startsWith('PUT') ? 'pretend' : undefined))
      await expect(archive.put(sourceOf(random(50_000)))).rejects.toMatchObject({ code: 'unavailable' })
      expect(puts()).toBe(ATTEMPTS)
    })

    test.each<Fault>(['cut_answer', 'stall_answer'])('a read goes on after %s', async (fault) => {
      const bytes = random(2 * MEBIBYTE)
      const source = sourceOf(bytes)
      await harness.archive.put(source)
      proxy.misbehave((line, count) => (line.startsWith('GET') && count === 1 ? fault : undefined))
      expect(Buffer.compare(await readAll(await archive.open(source.key)), bytes)).toBe(0)
      proxy.misbehave((_line, count) => (count === 1 ? fault : undefined))
      expect(await readAll(await archive.open(source.key, { start: 5, end: 99_999 }))).toEqual(
        bytes.subarray(5, 100_000),
      )
    })

    test('a read that drips is taken up by a new connection, and reported when it goes on dripping', async () => {
      const bytes = random(MEBIBYTE)
      const source = sourceOf(bytes)
      await harness.archive.put(source)
      proxy.misbehave((line, count) => (line.startsWith('GET') && count === 1 ? 'drip_answer' : undefined))
      expect(Buffer.compare(await readAll(await archive.open(source.key)), bytes)).toBe(0)
      proxy.misbehave((line) => (line.startsWith('GET') ? 'drip_answer' : undefined))
      const reading = archive.open(source.key).then(readAll)
      await expect(reading).rejects.toMatchObject({ code: 'timeout', retryable: true })
      expect(proxy.seen.filter((line) => line.startsWith('GET'))).toHaveLength(ATTEMPTS)
    })

    test('a reader that takes its time is no fault of the store', async () => {
      const bytes = random(2 * MEBIBYTE)
      const source = sourceOf(bytes)
      await harness.archive.put(source)
      proxy.misbehave(() => undefined)
      const chunks: Buffer[] = []
      for await (const chunk of (await archive.open(source.key)) as AsyncIterable<Buffer>) {
        chunks.push(chunk)
        if (chunks.length % 8 === 0) await sleep(400)
      }
      expect(Buffer.compare(Buffer.concat(chunks), bytes)).toBe(0)
      expect(proxy.seen.filter((line) => line.startsWith('GET')).length).toBeLessThanOrEqual(2)
    })

    test('an answer to an upload that drips ends the attempt', { timeout: 60_000 }, async () => {
      const source = sourceOf(random(6 * MEBIBYTE))
      proxy.misbehave((line) => (/^POST .*[?&]uploads/.test(line) ? 'drip_answer' : undefined))
      await expect(archive.put(source)).rejects.toMatchObject({ code: 'timeout', retryable: true })
    })

    test('a read that is silenced for good is reported', async () => {
      const source = sourceOf(random(MEBIBYTE))
      await harness.archive.put(source)
      proxy.misbehave(() => 'hang')
      await expect(archive.open(source.key)).rejects.toMatchObject({ code: 'timeout', retryable: true })
      await expect(archive.head(source.key)).rejects.toMatchObject({ code: 'timeout', retryable: true })
      await expect(archive.ping()).rejects.toMatchObject({ code: 'timeout', retryable: true })
    })

    test('an aborted upload ends its parts at the store, though the store is slow', async () => {
      const source = sourceOf(random(11 * MEBIBYTE))
      const controller = new AbortController()
      proxy.misbehave((line) => {
        if (!line.includes('partNumber=2')) return undefined
        setTimeout(() => controller.abort(new Error('stop')), 20)
        return 'hang'
      })
      await expect(archive.put(source, controller.signal)).rejects.toThrow('stop')
      expect(proxy.seen.some((line) => line.startsWith('DELETE') && line.includes('uploadId='))).toBe(true)
      expect(await entries(source.digests.md5)).toEqual([])
    })

    test('a store without conditions is told by one look, and asked before each upload', async () => {
      const bucket = (await s3Harness(target)).bucket
      const through = { ...target, endpoint: proxy.endpoint }
      const plain = openS3Archive(archiveOptions(through, bucket))
      proxy.misbehave((line, count) =>
        line.startsWith('PUT') && count === 1 ? { status: 501, code: 'NotImplemented' } : undefined,
      )
      const source = sourceOf(random(10))
      expect(await plain.put(source)).toBe('stored')
      await expect(plain.put(sourceOf(random(10), source.key))).rejects.toMatchObject({ code: 'conflict' })
    })
  })
}

const fake = await startFake()
afterAll(() => fake.stop())
suite('fauxqs', fake, false)

const ceph = cephTarget()
if (ceph) suite('Ceph', ceph, true)
