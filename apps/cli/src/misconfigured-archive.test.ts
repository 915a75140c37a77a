import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { startRefusingStore, type Refusal } from './refusing-store.fixture.ts'

let place: Installation
beforeEach(async () => {
  place = await install()
})
afterEach(() => place.remove())

const WRONG_REGION: Refusal = {
  status: 301,
  code: 'PermanentRedirect',
  headers: { 'x-amz-bucket-region': 'eu-west-3' },
}

test.each<[string, (request: IncomingMessage) => Refusal | undefined, RegExp]>([
  ['the wrong region', () => WRONG_REGION, /region eu-west-3: set AWS_REGION=eu-west-3/],
  ['a bucket that does not exist', () => ({ status: 404, code: 'NoSuchBucket' }), /S3_BUCKET/],
  [
    'no permission to list',
    ({ method, url }) =>
      method === 'GET' || (method === 'HEAD' && url!.split('/').length > 2)
        ? { status: 403, code: 'AccessDenied' }
        : undefined,
    /s3:ListBucket/,
  ],
  [
    'a bucket that demands encryption',
    ({ method }) => (method === 'PUT' ? { status: 403, code: 'AccessDenied' } : undefined),
    /S3_SERVER_SIDE_ENCRYPTION/,
  ],
])(
  'an import ends, with everything fetched and the reason said: %s',
  { timeout: 90_000 },
  async (_, refuse, reason) => {
    const store = await startRefusingStore(refuse)
    try {
      const { code, stderr, stdout } = await place.runWith(store.env, 'import', await place.samplePosts())
      expect(stderr).toMatch(reason)
      expect(stdout).toMatch(/\d+ media are fetched and not archived/)
      expect(code).toBe(1)
      const left = await place.db.query<{ waiting: number; fetched: number; spent: number }>(
        `SELECT count(*) FILTER (WHERE m.fate = 'waiting' AND m.source_key IS NOT NULL) AS waiting,
         count(*) FILTER (WHERE m.fate = 'fetched') AS fetched, max(c.archive_attempts) AS spent
       FROM public.post_media m LEFT JOIN mediakeep.contents c USING (sha256_sum)`,
      )
      expect(left.rows[0]).toMatchObject({ waiting: 0, spent: 0 })
      expect(left.rows[0]!.fetched).toBeGreaterThan(20)
      const run = await place.runWith(store.env, 'archive', 'run', '--limit', '3')
      expect(run.code).toBe(1)
      expect(run.stdout).toMatch(reason)
    } finally {
      await store.close()
    }
  },
)
