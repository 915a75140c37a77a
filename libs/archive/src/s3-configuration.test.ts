import { ArchiveError } from '@mediakeep/content'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startFaultyProxy, type Fault, type FaultyProxy } from '@mediakeep/faults'
import { MEBIBYTE, random, sourceOf } from './harness.fixture.ts'
import { openS3Archive, type S3ArchiveOptions } from './s3-archive.ts'
import { archiveOptions, cephTarget, s3Harness, startFake, type S3Target } from './s3-harness.fixture.ts'

type Headers = Readonly<Record<string, unknown>>

/** Returns true for requests that create an object; they set its encryption. */
const isCreation = (line: string): boolean =>
  (line.startsWith('PUT') && !line.includes('partNumber=')) || /^POST .*[?&]uploads/.test(line)

const encryption = (headers: Headers): unknown[] => [
  headers['x-amz-server-side-encryption'],
  headers['x-amz-server-side-encryption-aws-kms-key-id'],
]

const fake = await startFake()
afterAll(() => fake.stop())

function suite(name: string, target: S3Target): void {
  describe(`a bucket that is not set up for us, on ${name}`, () => {
    let proxy: FaultyProxy
    let bucket: string
    beforeAll(async () => {
      proxy = await startFaultyProxy(target.endpoint)
      bucket = (await s3Harness(target)).bucket
    })
    afterEach(() => proxy.misbehave(() => undefined))
    afterAll(() => proxy.close())
    const open = (options: Partial<S3ArchiveOptions> = {}) =>
      openS3Archive({
        ...archiveOptions({ ...target, endpoint: proxy.endpoint }, bucket),
        maxAttempts: 3,
        ...options,
      })
    const failure = async (run: () => Promise<unknown>): Promise<ArchiveError> => {
      const error: unknown = await run().then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(ArchiveError)
      return error as ArchiveError
    }

    const REGION = { 'x-amz-bucket-region': 'eu-west-3' }
    test.each<[string, Fault]>([
      ['a redirect', { status: 301, code: 'PermanentRedirect', headers: REGION }],
      ['a temporary redirect', { status: 307, code: 'TemporaryRedirect', headers: REGION }],
      [
        'a region in the error alone',
        { status: 400, code: 'AuthorizationHeaderMalformed', xml: '<Region>eu-west-3</Region>' },
      ],
      [
        'a 400 to a HEAD, which has no body',
        { status: 400, code: 'AuthorizationHeaderMalformed', headers: REGION },
      ],
    ])('the region of the bucket is named: %s', async (what, fault) => {
      proxy.misbehave(() => fault)
      const archive = open()
      const source = sourceOf(random(100))
      const calls = [
        () => archive.open(source.key),
        ...(what === 'a region in the error alone'
          ? []
          : [() => archive.ping(), () => archive.head(source.key), () => archive.put(source)]),
      ]
      for (const call of calls) {
        const error = await failure(call)
        expect(error).toMatchObject({ code: 'misconfigured', retryable: false })
        expect(error.message).toContain('eu-west-3')
        expect(error.message).toContain('AWS_REGION')
        expect(error.message).not.toContain('Unknown')
      }
    })

    test('a redirect that names no region names the settings', async () => {
      proxy.misbehave(() => ({ status: 301, code: 'PermanentRedirect' }))
      const error = await failure(() => open().head(sourceOf(random(1)).key))
      expect(error).toMatchObject({ code: 'misconfigured' })
      expect(error.message).toMatch(/AWS_REGION.*S3_ENDPOINT/)
    })

    test('the missing permission is named', async () => {
      const archive = open()
      const source = sourceOf(random(100))
      const denied: Fault = { status: 403, code: 'AccessDenied' }
      const permissionOf = async (method: string, run: () => Promise<unknown>): Promise<string> => {
        proxy.misbehave((line) => (line.startsWith(method) ? denied : undefined))
        const error = await failure(run)
        expect(error).toMatchObject({ code: 'denied', retryable: false })
        return error.message
      }
      // Without ListBucket, AWS answers 403 for missing objects.
      expect(await permissionOf('HEAD', () => archive.put(source))).toMatch(/s3:ListBucket/)
      expect(await permissionOf('', () => archive.ping())).toMatch(/s3:ListBucket/)
      expect(await permissionOf('GET', () => archive.open(source.key))).toMatch(/s3:GetObject/)
      expect(await permissionOf('PUT', () => archive.put(source))).toMatch(
        /s3:PutObject.*S3_SERVER_SIDE_ENCRYPTION/,
      )
      expect(await permissionOf('DELETE', () => archive.remove(source.key))).toMatch(/s3:DeleteObject/)
      const large = sourceOf(random(6 * MEBIBYTE))
      expect(await permissionOf('POST', () => archive.put(large))).toMatch(/s3:PutObject/)
    })

    test.each([
      ['SignatureDoesNotMatch', /AWS_SECRET_ACCESS_KEY/],
      ['InvalidAccessKeyId', /AWS_ACCESS_KEY_ID/],
      ['ExpiredToken', /AWS_SESSION_TOKEN/],
    ])('a wrong key is named: %s', async (code, variable) => {
      proxy.misbehave(() => ({ status: 403, code }))
      const error = await failure(() => open().open('media/ab/cd.bin'))
      expect(error).toMatchObject({ code: 'denied', retryable: false })
      expect(error.message).toMatch(variable)
      expect(error.message).not.toContain('s3:')
      const ping = await failure(() => open().ping())
      expect(ping).toMatchObject({ code: 'denied' })
      expect(ping.message).toMatch(variable)
    })

    test('a bucket that does not exist is named', async () => {
      const error = await failure(() => open({ bucket: 'there-is-no-such-bucket' }).ping())
      expect(error).toMatchObject({ code: 'bucket_missing', retryable: false })
      expect(error.message).toContain('there-is-no-such-bucket')
      proxy.misbehave(() => ({ status: 404, code: 'NoSuchBucket' }))
      const read = await failure(() => open().open('media/ab/cd.bin'))
      expect(read).toMatchObject({ code: 'bucket_missing' })
      expect(read.message).toMatch(/bucket .*S3_BUCKET/)
    })

    test('a bucket that takes only encrypted objects gets them, in one request and in parts', async () => {
      proxy.misbehave((line, _count, headers) =>
        isCreation(line) && encryption(headers)[0] === undefined
          ? { status: 403, code: 'AccessDenied' }
          : undefined,
      )
      const sizes = [100, 2 * MEBIBYTE, 6 * MEBIBYTE]
      for (const size of sizes)
        await expect(open().put(sourceOf(random(size)))).rejects.toThrow('AccessDenied')
      const sent = async (options: Partial<S3ArchiveOptions>): Promise<unknown[][]> => {
        const archive = open(options)
        proxy.sent.length = 0
        for (const size of sizes) await archive.put(sourceOf(random(size))).catch(() => undefined)
        const creations = proxy.sent.filter(({ line }) => isCreation(line))
        expect(creations.length).toBeGreaterThanOrEqual(sizes.length)
        return creations.map(({ headers }) => encryption(headers))
      }
      for (const said of await sent({ encryption: { algorithm: 'AES256' } }))
        expect(said).toEqual(['AES256', undefined])
      for (const said of await sent({ encryption: { algorithm: 'aws:kms', kmsKeyId: 'alias/media' } }))
        expect(said).toEqual(['aws:kms', 'alias/media'])
    })

    test('an object in a cold storage class is neither missing nor damaged', async () => {
      const archive = open()
      const source = sourceOf(random(5000))
      await archive.put(source)
      proxy.misbehave((line) =>
        line.startsWith('GET')
          ? { status: 403, code: 'InvalidObjectState', xml: '<StorageClass>DEEP_ARCHIVE</StorageClass>' }
          : undefined,
      )
      expect(await archive.verify(source.key, source.digests, 'head')).toBe('ok')
      for (const read of [
        () => archive.verify(source.key, source.digests, 'deep'),
        () => archive.open(source.key),
      ]) {
        const error = await failure(read)
        expect(error).toMatchObject({ code: 'cold', retryable: false })
        expect(error.message).toMatch(/DEEP_ARCHIVE.*[Rr]estore it/)
      }
    })
  })
}

suite('fauxqs', fake)

const ceph = cephTarget()
if (ceph) suite('Ceph', ceph)

test('what the SDK itself lacks is named by its variable', async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null')
  try {
    const noRegion = openS3Archive({ bucket: 'media', credentials: fake.credentials })
    await expect(noRegion.ping()).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('AWS_REGION') as string,
    })
    const noKeys = openS3Archive({ bucket: 'media', endpoint: fake.endpoint, region: 'us-east-1' })
    await expect(noKeys.ping()).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('AWS_ACCESS_KEY_ID') as string,
    })
  } finally {
    vi.unstubAllEnvs()
  }
})
