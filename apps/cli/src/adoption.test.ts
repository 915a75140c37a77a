import { hash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrateDatabase, verifyDatabase } from '@mediakeep/db'
import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { startServerWith } from './server.fixture.ts'

const WORKSPACE = join(import.meta.dirname, '../../..')
/** By path, because it belongs to another package's tests. */
const FIXTURE = pathToFileURL(join(WORKSPACE, 'libs/db/src/original-database.fixture.ts')).href
interface Fixture {
  readonly ORIGINAL_POSTS: readonly {
    readonly urn: string
    readonly platform: string
    readonly raw: string
  }[]
  buildOriginalDatabase(database: TestDatabase, owner: TestRole): Promise<void>
}

const picture = (name: string): Promise<Buffer> => readFile(join(WORKSPACE, 'sample/media', name))
let fixture: Fixture
let place: Installation
let database: TestDatabase
let owner: TestRole
let store: Awaited<ReturnType<typeof startFauxqs>>
let old: string
let env: NodeJS.ProcessEnv
let pictures: Readonly<Record<'med-00000001' | 'med-00000003' | 'med-00000004', Buffer>>

/** The original tool's folder and bucket: one file named by its MD5, one by the MD5 of its URL, two objects. */
beforeAll(async () => {
  fixture = (await import(FIXTURE)) as Fixture
  place = await install()
  database = await createTestDatabase('empty')
  owner = await createTestRole(database, 'BYPASSRLS')
  await fixture.buildOriginalDatabase(database, owner)
  store = await startFauxqs({ port: 0, logger: false })
  const endpoint = `http://127.0.0.1:${String(store.port)}`
  env = {
    ...{ DATABASE_URL: owner.url, S3_ENDPOINT: endpoint, S3_BUCKET: 'kept', S3_FORCE_PATH_STYLE: 'true' },
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  }
  old = await mkdtemp(join(tmpdir(), 'mediakeep-original-'))
  const [harbour, slide, tides] = await Promise.all([
    picture('harbour.jpg'),
    picture('slide.png'),
    picture('ridge.jpg'),
  ])
  pictures = { 'med-00000001': harbour, 'med-00000003': slide, 'med-00000004': tides }
  await fetch(`${endpoint}/kept`, { method: 'PUT' })
  for (const [id, bytes] of [
    ['med-00000001', harbour],
    ['med-00000004', tides],
  ] as const) {
    const name = `${hash('md5', bytes)}.jpg`
    await fetch(`${endpoint}/kept/cache/2026/10/${name}`, { method: 'PUT', body: new Uint8Array(bytes) })
    await owner.query(
      `UPDATE post_media SET md5_sum = $2, file_size = $3, local_file_path = 'cache/media/images/' || $4,
         archive_url = 's3://kept/cache/2026/10/' || $4 WHERE media_id = $1`,
      [id, hash('md5', bytes), bytes.length, name],
    )
  }
  await putOld(`cache/media/images/${hash('md5', harbour)}.jpg`, harbour)
  const { rows } = await owner.query<{ path: string }>(
    `SELECT local_file_path AS path FROM post_media WHERE media_id = 'med-00000003'`,
  )
  await putOld(rows[0]!.path, slide)
})
afterAll(async () => {
  await store.stop()
  await owner.drop()
  await database.drop()
  await place.remove()
  await rm(old, { recursive: true, force: true })
})

async function putOld(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(join(old, path)), { recursive: true })
  await writeFile(join(old, path), bytes)
}

const left = async (): Promise<string[]> =>
  (await verifyDatabase(owner.url)).filter(({ ok }) => !ok).map(({ object }) => object)
const countRows = async (): Promise<unknown> =>
  (
    await owner.query(
      'SELECT (SELECT count(*)::int FROM posts) AS posts, (SELECT count(*)::int FROM post_media) AS media',
    )
  ).rows[0]
async function succeed(...args: string[]): Promise<Record<string, never>> {
  const { code, stdout, stderr } = await place.runWith(env, ...args, '--json')
  expect([code, stderr], args.join(' ')).toEqual([0, expect.any(String)])
  return JSON.parse(stdout) as Record<string, never>
}

test(
  'a database of the original tool is adopted with its files and objects, and served; its programs go on',
  { timeout: 240_000 },
  async () => {
    const { ORIGINAL_POSTS } = fixture
    await migrateDatabase(owner.url)
    expect(await left()).toEqual([
      'fetched rows of post_media without a SHA-256, whose files cannot be served',
    ])

    const files = await succeed('cache', 'adopt', join(old, 'cache'))
    expect(JSON.stringify(files).match(/"adopted"/g)).toHaveLength(2)
    // The third picture's object has not been read yet, and verification still reports that.
    expect(await left()).not.toEqual([])
    await succeed('backfill')
    expect(await left()).toEqual([])

    // The same posts again, as an export contains them.
    const before = await countRows()
    const path = join(place.home, 'again.json')
    const again = ORIGINAL_POSTS.filter(({ platform }) => platform === 'linkedin')
    await writeFile(path, `[${again.map(({ raw }) => raw).join()}]`)
    expect(await succeed('import', path)).toMatchObject({
      posts: { processed: 3, new: 0, known: 3, rejected: 0 },
      references: { new: 0 },
    })
    expect(await countRows()).toEqual(before)
    expect(await left()).toEqual([])

    const server = await startServerWith(env, place)
    try {
      for (const [id, bytes] of Object.entries(pictures)) {
        const response = await fetch(`${server.url}/media/${id}`)
        expect([id, response.status]).toEqual([id, 200])
        expect(hash('sha256', Buffer.from(await response.arrayBuffer())), id).toBe(hash('sha256', bytes))
      }
    } finally {
      await server.kill('SIGTERM')
    }

    // The original tool looks posts up by urn, then inserts what it does not find.
    const { rows } = await owner.query('SELECT urn FROM posts WHERE urn = ANY ($1)', [
      ORIGINAL_POSTS.map(({ urn }) => urn),
    ])
    expect(rows).toHaveLength(ORIGINAL_POSTS.length)
    await owner.query(`INSERT INTO posts (post_id, urn, full_urn, posted_at_timestamp)
      VALUES ('p-0000000a', 'urn:li:activity:7513000000000000009', 'urn:li:activity:7513000000000000009', 1)`)
    await owner.query(`INSERT INTO post_media (media_id, post_id, media_type, media_url, ai_analysis_status)
      VALUES ('med-0000000a', 'p-0000000a', 'image', 'https://media.licdn.example/new.jpg?a=1&amp;b=2', 'pending')`)
    expect((await left()).length).toBeGreaterThan(0)
    await migrateDatabase(owner.url)
    expect(await left()).toEqual([])
  },
)
