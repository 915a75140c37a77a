import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '@mediakeep/config'
import { install, type Installation } from './cli.fixture.ts'
import { startRefusingStore, type Refusal } from './refusing-store.fixture.ts'
import { startServerWith } from './server.fixture.ts'
import { storesLine } from './start-report.ts'

let place: Installation
beforeEach(async () => {
  place = await install()
})
afterEach(() => place.remove())

test('the start says in one line where everything is, and no secret', () => {
  const config = readConfig({
    DATABASE_URL: 'postgresql://keeper:secret@db.example:6432/media?password=secret&sslmode=require',
    CACHE_DIR: '/cache',
    S3_BUCKET: 'newsroom-media',
    S3_ENDPOINT: 'https://user:secret@s3.example:9000/',
  })
  expect(storesLine(config)).toBe(
    'Database: postgresql://keeper@db.example:6432/media. Cache: /cache, up to 10.0 GiB. ' +
      'Archive: s3://newsroom-media at https://s3.example:9000.',
  )
  expect(storesLine(readConfig({ MEDIAKEEP_HOME: '/data' }), '/data/postgres')).toBe(
    'Database: embedded in /data/postgres. Cache: /data/cache, up to 10.0 GiB. ' +
      'Archive: /data/archive (a folder: no S3_BUCKET is set).',
  )
})

test.each<[string, Refusal, string]>([
  ['a wrong secret', { status: 403, code: 'SignatureDoesNotMatch' }, 'AWS_SECRET_ACCESS_KEY'],
  ['no bucket', { status: 404, code: 'NoSuchBucket' }, 'S3_BUCKET'],
  [
    'another region',
    { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-3' } },
    'AWS_REGION=eu-west-3',
  ],
])(
  'a server says at its start what is wrong with its bucket, and serves: %s',
  async (_, refusal, setting) => {
    const store = await startRefusingStore(() => refusal)
    const server = await startServerWith({ ...store.env, DOWNLOAD_PROXI: 'http://proxy:1' }, place)
    try {
      await expect.poll(() => server.said(), { timeout: 60_000 }).toContain('cannot be used')
      expect(server.said()).toContain(setting)
      expect(server.said()).toContain('Archive: s3://newsroom-media at http://127.0.0.1:')
      expect(server.said()).toContain('Did you mean DOWNLOAD_PROXY?')
      expect(server.said()).not.toContain('test-secret')
      const health = await fetch(`${server.url}/health/ready`)
      expect(health.status).toBe(503)
      expect(((await health.json()) as { archive: string }).archive).toContain(setting)
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
    } finally {
      await server.kill('SIGKILL')
      await store.close()
    }
  },
)

test('contents in an archive that is not configured are named at the start', async () => {
  const sha256 = 'ab'.repeat(32)
  await place.db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, mime_type, extension, media_type,
       archive_url, archived_at)
     VALUES ($1, $2, $2, 10, 'image/png', 'png', 'image', $3, now())`,
    [sha256, 'cd'.repeat(16), 's3://elsewhere/media/cd.png'],
  )
  const { stderr } = await place.run('archive', 'run')
  expect(stderr).toContain('s3://elsewhere/media/cd.png')
  expect(stderr).toContain('mediakeep archive move')
  expect(stderr).toContain(join(place.home, 'archive'))
})
