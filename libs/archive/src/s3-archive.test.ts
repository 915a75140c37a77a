import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import type { Archive, ArchiveSource } from '@mediakeep/content'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { archiveContract } from './contract.fixture.ts'
import { startFaultyProxy } from '@mediakeep/faults'
import { flipped, MEBIBYTE, random, readAll, sourceOf, withBytes } from './harness.fixture.ts'
import { openS3Archive } from './s3-archive.ts'
import { archiveOptions, cephTarget, s3Harness, startFake, type S3Target } from './s3-harness.fixture.ts'

const fake = await startFake()
afterAll(() => fake.stop())

archiveContract('The S3 archive on fauxqs', () => s3Harness(fake))
archiveContract('The S3 archive on fauxqs with checksums', () =>
  s3Harness(fake, { checksums: 'WHEN_SUPPORTED' }),
)

async function presigned(target: S3Target): Promise<void> {
  const { archive } = await s3Harness(target)
  const bytes = random(1000)
  const { key } = sourceOf(bytes)
  await archive.put(sourceOf(bytes))
  const url = await archive.presign(key, 60)
  const whole = await fetch(url!)
  expect(Buffer.from(await whole.arrayBuffer())).toEqual(bytes)
  const part = await fetch(url!, { headers: { range: 'bytes=10-19' } })
  expect(part.status).toBe(206)
  expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(10, 20))
}

test('a presigned URL reads without credentials', () => presigned(fake))

/** Two multipart uploads were left behind; `act` must abort the first one. */
async function endsLeftover(act: (archive: Archive, source: ArchiveSource) => Promise<void>): Promise<void> {
  const seen = await startFaultyProxy(fake.endpoint)
  const { bucket, client } = await s3Harness(fake)
  const archive = openS3Archive(archiveOptions({ ...fake, endpoint: seen.endpoint }, bucket))
  const source = sourceOf(random(6 * MEBIBYTE))
  const create = async (Key: string): Promise<{ Bucket: string; Key: string; UploadId: string }> => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))
    return { Bucket: bucket, Key, UploadId: UploadId! }
  }
  const uploads = [await create(source.key), await create(`${source.key}-other`)]
  const listed = uploads.map(
    ({ Key, UploadId }) => `<Upload><Key>${Key}</Key><UploadId>${UploadId}</UploadId></Upload>`,
  )
  // fauxqs keeps uploads but lists none.
  const xml = `<ListMultipartUploadsResult>${listed.join('')}</ListMultipartUploadsResult>`
  seen.misbehave((line) => (/^GET .*\?.*uploads/.test(line) ? { xml } : undefined))
  await act(archive, source)
  const send = (upload: object): Promise<unknown> =>
    client.send(new UploadPartCommand({ ...uploads[0]!, ...upload, PartNumber: 1, Body: Buffer.from('x') }))
  await expect(send(uploads[0]!)).rejects.toMatchObject({ name: 'NoSuchUpload' })
  await send(uploads[1]!)
  await seen.close()
}

test('what a killed process left of an upload in parts is ended by the next one', () =>
  endsLeftover(async (archive, source) => expect(await archive.put(source)).toBe('stored')))

test('what a killed process left of an upload in parts is ended by a removal, though there is no object', () =>
  endsLeftover((archive, { key }) => archive.remove(key)))

test('a removal that could not end what was left is reported', async () => {
  const seen = await startFaultyProxy(fake.endpoint)
  const { bucket } = await s3Harness(fake)
  const archive = openS3Archive({
    ...archiveOptions({ ...fake, endpoint: seen.endpoint }, bucket),
    maxAttempts: 2,
  })
  const { key } = sourceOf(random(10))
  const xml = `<ListMultipartUploadsResult><Upload><Key>${key}</Key><UploadId>1</UploadId></Upload></ListMultipartUploadsResult>`
  seen.misbehave((line) => {
    if (line.startsWith('GET')) return { xml }
    return line.includes('uploadId=') ? { status: 503, code: 'SlowDown' } : undefined
  })
  await expect(archive.remove(key)).rejects.toMatchObject({ code: 'unavailable', retryable: true })
  await seen.close()
})

test('a small source is read in one go, and must have exactly its bytes', async () => {
  const { archive } = await s3Harness(fake)
  const bytes = random(50_000)
  const read = vi.fn((limit: number) => Promise.resolve(bytes.subarray(0, limit)))
  const source = { ...sourceOf(bytes), read, open: () => Promise.reject(new Error('opened')) }
  expect(await archive.put(source)).toBe('stored')
  expect(await archive.verify(source.key, source.digests, 'deep')).toBe('ok')
  expect(read).toHaveBeenCalledTimes(2) // The very first upload is sent twice.
  const other = sourceOf(random(50_000))
  for (const length of [49_999, 50_001]) {
    const wrong = { ...other, read: (limit: number) => Promise.resolve(random(length).subarray(0, limit)) }
    await expect(archive.put(wrong)).rejects.toMatchObject({ code: 'digest_mismatch' })
  }
  const failing = { ...other, read: () => Promise.reject(new Error('the disk')) }
  await expect(archive.put(failing)).rejects.toThrow('the disk')
  expect(await archive.head(other.key)).toBeUndefined()
})

test('every upload says the digests that the store is to check', async () => {
  const seen = await startFaultyProxy(fake.endpoint)
  const { bucket } = await s3Harness(fake)
  const archive = openS3Archive(archiveOptions({ ...fake, endpoint: seen.endpoint }, bucket))
  for (const byteSize of [1000, 2 * MEBIBYTE, 6 * MEBIBYTE]) {
    const source = sourceOf(random(byteSize))
    await archive.put(source)
    const sent = seen.sent.splice(0).filter(({ line }) => line.startsWith('PUT'))
    expect(sent.length).toBeGreaterThan(0)
    for (const { line, headers } of sent) {
      if (line.includes('partNumber=')) expect(headers['content-md5']).toMatch(/^[\w+/]{22}==$/)
      else
        expect(headers).toMatchObject({
          'content-md5': Buffer.from(source.digests.md5, 'hex').toString('base64'),
          'x-amz-content-sha256': source.digests.sha256,
          'x-amz-meta-sha256': source.digests.sha256,
        })
    }
  }
  await seen.close()
})

test('no checksum of the SDK is sent or asked for unless the options say so: some stores refuse them', async () => {
  const seen = await startFaultyProxy(fake.endpoint)
  const { bucket } = await s3Harness(fake)
  const archive = openS3Archive(archiveOptions({ ...fake, endpoint: seen.endpoint }, bucket))
  for (const byteSize of [1000, 2 * MEBIBYTE, 6 * MEBIBYTE]) {
    const source = sourceOf(random(byteSize))
    await archive.put(source)
    await readAll(await archive.open(source.key))
    await archive.remove(source.key)
  }
  expect(new Set(seen.sent.map(({ line }) => line.split(' ')[0]))).toEqual(
    new Set(['HEAD', 'PUT', 'GET', 'POST', 'DELETE']),
  )
  const isChecksum = (name: string): boolean => /^x-amz-(?:sdk-)?checksum|^x-amz-trailer/.test(name)
  expect(seen.sent.flatMap(({ headers }) => Object.keys(headers).filter(isChecksum))).toEqual([])
  await seen.close()
})

test.each([
  ['as long as it is told', { backoffMs: 100 }, [100, 200, 400]],
  ['a quarter of a second unless told', { backoffMs: undefined, maxAttempts: 2 }, [250]],
])('a store that is busy is left alone %s, and longer each time', async (_, options, pauses) => {
  const seen = await startFaultyProxy(fake.endpoint)
  const { bucket } = await s3Harness(fake)
  const through = archiveOptions({ ...fake, endpoint: seen.endpoint }, bucket)
  const archive = openS3Archive({ ...through, maxAttempts: 4, ...options })
  const asked: number[] = []
  seen.misbehave(() => {
    asked.push(performance.now())
    return { status: 503, code: 'SlowDown' }
  })
  await expect(archive.ping()).rejects.toMatchObject({ code: 'unavailable' })
  const waited = asked.slice(1).map((at, n) => at - asked[n]!)
  expect(waited).toHaveLength(pauses.length)
  for (const [n, pause] of pauses.entries()) expect(waited[n]).toBeGreaterThan(pause * 0.9)
  await seen.close()
})

test('an upload in parts is looked for, listed, created, sent, completed, said back and read back', async () => {
  const seen = await startFaultyProxy(fake.endpoint)
  const { bucket } = await s3Harness(fake)
  const archive = openS3Archive(archiveOptions({ ...fake, endpoint: seen.endpoint }, bucket))
  const source = sourceOf(random(6 * MEBIBYTE))
  await archive.put(source)
  expect(seen.seen.map((line) => line.split(' ')[0])).toEqual([
    'HEAD',
    'GET',
    'POST',
    'PUT',
    'PUT',
    'POST',
    'HEAD',
    'GET',
  ])
  await seen.close()
})

test('of uploads of one content at once, one is sent', async () => {
  const { archive } = await s3Harness(fake)
  const source = sourceOf(random(6 * MEBIBYTE))
  const results = await Promise.all(Array.from({ length: 4 }, () => archive.put(source)))
  expect(results.sort()).toEqual(['present', 'present', 'present', 'stored'])
})

const ceph = cephTarget()
describe.skipIf(!ceph)('on Ceph', () => {
  test('what a killed process left of an upload in parts is ended by the next one', async () => {
    const { archive, bucket, client, list } = await s3Harness(ceph!)
    const source = sourceOf(random(6 * MEBIBYTE))
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: source.key }))
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: `${source.key}-other` }))
    expect(await archive.put(source)).toBe('stored')
    expect(await list()).toEqual([source.key, `upload of ${source.key}-other`])
    await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: source.key }))
    await archive.remove(source.key)
    expect(await list()).toEqual([`upload of ${source.key}-other`])
  })

  test('the store refuses bytes that are not what is signed', async () => {
    const { archive, list } = await s3Harness(ceph!, { maxAttempts: 1 })
    for (const size of [1000, 2 * MEBIBYTE]) {
      const bytes = random(size)
      const wrong = withBytes(sourceOf(bytes), flipped(bytes))
      await expect(archive.put(wrong)).rejects.toMatchObject({
        code: 'digest_mismatch',
        cause: { $metadata: { httpStatusCode: 400 } },
      })
    }
    expect(await list()).toEqual([])
  })

  test('a presigned URL reads without credentials', () => presigned(ceph!))

  test('wrong credentials and a missing bucket are named', async () => {
    const { bucket } = await s3Harness(ceph!)
    const credentials = { accessKeyId: ceph!.credentials.accessKeyId, secretAccessKey: 'wrong' }
    const stranger = openS3Archive({ ...archiveOptions(ceph!, bucket), credentials })
    await expect(stranger.ping()).rejects.toMatchObject({ code: 'denied', retryable: false })
    await expect(stranger.put(sourceOf(random(10)))).rejects.toMatchObject({ code: 'denied' })
    const nowhere = openS3Archive(archiveOptions(ceph!, 'no-such-bucket'))
    await expect(nowhere.ping()).rejects.toMatchObject({ code: 'bucket_missing' })
    await expect(nowhere.put(sourceOf(random(10)))).rejects.toMatchObject({ code: 'bucket_missing' })
  })

  archiveContract('The S3 archive on Ceph', () => s3Harness(ceph!))
  archiveContract('The S3 archive on Ceph with checksums', () =>
    s3Harness(ceph!, { checksums: 'WHEN_SUPPORTED' }),
  )
})
