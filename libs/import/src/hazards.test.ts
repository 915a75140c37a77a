import { execFile } from 'node:child_process'
import { appendFile, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createImportRun, readRejectedPosts } from './index.ts'
import { importPosts, invented, postsFile, urnOf } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.query('TRUNCATE posts, download_runs CASCADE'))
afterAll(() => database.drop())

/** Three posts, with the given one in the middle. */
const around = (middle: string): string =>
  `[${JSON.stringify(invented(1))},\n${middle},\n${JSON.stringify(invented(3))}]`

const text = (changes: Parameters<typeof invented>[1]): string => JSON.stringify(invented(2, changes))

describe('a bad post is rejected with its index, its reason and its pointer, the others are taken', () => {
  test.each<[string, string | Buffer, { code: string; pointer?: string }]>([
    ['NUL as an escape', text({ text: 'a\0b' }), { code: 'nul_character', pointer: '/text' }],
    ['NUL in a key', text({ 'a/b\0': 1 }), { code: 'nul_character', pointer: '/a~1b' }],
    ['NUL as a byte', text({ text: 'a#b' }).replace('#', '\0'), { code: 'invalid_json' }],
    [
      'a lone surrogate',
      text({ media: { url: 'x\ud800' } }),
      { code: 'lone_surrogate', pointer: '/media/url' },
    ],
    ['invalid UTF-8', Buffer.from(text({ text: 'é' }), 'latin1'), { code: 'invalid_utf8' }],
    [
      'a date out of range',
      text({ posted_at: { timestamp: 8.64e15 + 1 } }),
      {
        code: 'date_out_of_range',
        pointer: '/posted_at/timestamp',
      },
    ],
    [
      'nesting 100,000 deep',
      text({ x: 0 }).replace('"x":0', `"x":${'['.repeat(1e5)}${']'.repeat(1e5)}`),
      {
        code: 'too_deep',
      },
    ],
    ['more than 16 MiB', text({ text: 'x'.repeat(17 * 1024 * 1024) }), { code: 'too_large' }],
    ['an unknown shape', '{"id":1,"title":"no post of ours"}', { code: 'unknown_format' }],
    ['no object', '"text"', { code: 'not_an_object' }],
    ['no JSON', '{"urn":tru}', { code: 'invalid_json' }],
    ['an error item', '{"error":"Profile not found"}', { code: 'source_error', pointer: '/error' }],
    ['no identity', text({ urn: {} }), { code: 'no_urn', pointer: '/urn' }],
    ['an over-long field', text({ author: { username: 'x'.repeat(5000) } }), { code: 'field_too_long' }],
  ])('%s', async (_name, middle, expected) => {
    const bytes = Buffer.from(around('#middle#').replace('#middle#', '\x01'))
    const at = bytes.indexOf('\x01')
    const file = await postsFile(
      Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(at + 1)]),
    )
    const { runId, posts, status } = await importPosts(database, file)
    expect(posts).toEqual({ processed: 3, new: 2, known: 0, rejected: 1 })
    expect(status).toBe('completed')
    const [rejected] = await readRejectedPosts(database, runId)
    expect(rejected).toMatchObject({ file, index: 1, pointer: '', ...expected })
    expect(rejected!.reason).not.toBe('')
  })
})

test('what only PostgreSQL refuses is found out and rejected alone', async () => {
  await database.query('ALTER TABLE posts ADD CONSTRAINT no_storms CHECK (text_content <> $$storm$$)')
  const posts = Array.from({ length: 20 }, (_, n) => invented(n, n === 13 ? { text: 'storm' } : {}))
  const { runId, posts: counts } = await importPosts(database, await postsFile(posts))
  await database.query('ALTER TABLE posts DROP CONSTRAINT no_storms')
  expect(counts).toEqual({ processed: 20, new: 19, known: 0, rejected: 1 })
  expect(await readRejectedPosts(database, runId)).toMatchObject([{ index: 13, code: 'refused_by_database' }])
})

test('numbers above 2^53 keep all their digits', async () => {
  const numeric = text({}).replace(`"${urnOf(2)}"`, urnOf(2))
  expect(numeric).toContain(`:${urnOf(2)}`)
  await importPosts(database, await postsFile(`[${numeric}]`))
  const { rows } = await database.query('SELECT urn FROM posts')
  expect(rows).toEqual([{ urn: `urn:li:activity:${urnOf(2)}` }])
})

test('the same post several times in one file is one post with one snapshot, and all its media', async () => {
  const again = (n: number): ReturnType<typeof invented> =>
    invented(1, { media: { type: 'image', url: `https://media.example/${n % 50}.jpg` } })
  const posts = Array.from({ length: 1200 }, (_, n) => again(n))
  const { posts: counts } = await importPosts(database, await postsFile(posts))
  expect(counts).toEqual({ processed: 1200, new: 1, known: 1199, rejected: 0 })
  const { rows } = await database.query(
    `SELECT (SELECT count(*) FROM posts)::int AS posts, (SELECT count(*) FROM data_downloads)::int AS snapshots,
       (SELECT count(*) FROM post_media)::int AS media`,
  )
  expect(rows).toEqual([{ posts: 1, snapshots: 1, media: 50 }])
})

test('a text of 10 MB is kept whole', async () => {
  const long = 'ä'.repeat(5 * 1024 * 1024)
  await importPosts(database, await postsFile([invented(1, { text: long })]))
  const { rows } = await database.query<{ text_content: string }>('SELECT text_content FROM posts')
  expect(rows[0]!.text_content === long).toBe(true)
})

test('__proto__ keys change nothing but their own post', async () => {
  // Fields the post has, and fields it lacks: neither may come from its prototype.
  const middle = text({ author: { name: 'no username' } })
    .replace('"author":{', '"author":{"__proto__":{"username":"polluted"},')
    .replace(/}$/, ',"__proto__":{"text":"polluted","urn":null,"url":"https://polluted.example"}}')
  expect(middle.match(/__proto__/g)).toHaveLength(2)
  const { posts } = await importPosts(database, await postsFile(around(middle)))
  expect(posts.new).toBe(3)
  expect(({} as { text?: string }).text).toBeUndefined()
  const { rows } = await database.query(
    `SELECT text_content, url, author_username, raw_json::text FROM posts WHERE urn = 'urn:li:activity:${urnOf(2)}'`,
  )
  expect(rows).toEqual([
    {
      ...{ text_content: 'The harbour, day 2', url: null, author_username: null },
      // It is stored unchanged: a key like any other.
      raw_json: expect.stringContaining('"__proto__"') as string,
    },
  ])
})

describe('encodings', () => {
  const content = JSON.stringify([invented(1, { text: 'Zürich 🚢' }), invented(2)])
  const utf16 = (isBigEndian: boolean, bom: boolean): Buffer => {
    const bytes = Buffer.from(`${bom ? '\ufeff' : ''}${content}`, 'utf16le')
    return isBigEndian ? bytes.swap16() : bytes
  }
  test.each([
    ['UTF-8 with a BOM', Buffer.from(`\ufeff${content}`)],
    ['UTF-16 LE with a BOM', utf16(false, true)],
    ['UTF-16 BE with a BOM', utf16(true, true)],
    ['UTF-16 LE without', utf16(false, false)],
    ['UTF-16 BE without', utf16(true, false)],
  ])('%s', async (_name, bytes) => {
    const { posts } = await importPosts(database, await postsFile(bytes))
    expect(posts).toMatchObject({ new: 2, rejected: 0 })
    const { rows } = await database.query(`SELECT text_content FROM posts ORDER BY urn LIMIT 1`)
    expect(rows).toEqual([{ text_content: 'Zürich 🚢' }])
  })

  test('a lone surrogate in UTF-16 rejects its post only', async () => {
    const bytes = Buffer.from(around(text({ text: 'a\ue000b' })), 'utf16le')
    bytes.writeUInt16LE(0xd800, bytes.indexOf(Buffer.from('\ue000', 'utf16le')))
    const { runId, posts } = await importPosts(database, await postsFile(bytes))
    expect(posts).toMatchObject({ new: 2, rejected: 1 })
    expect(await readRejectedPosts(database, runId)).toMatchObject([{ index: 1, code: 'invalid_utf8' }])
  })
})

test('a truncated file: the posts before are taken, and where it ends is told', async () => {
  const whole = around(text({}))
  const file = await postsFile(whole.slice(0, -30))
  const { runId, posts } = await importPosts(database, file)
  expect(posts).toMatchObject({ new: 2, rejected: 1 })
  const [rejected] = await readRejectedPosts(database, runId)
  expect(rejected).toMatchObject({ index: 2, code: 'truncated' })
  expect(rejected!.reason).toContain(`byte ${whole.lastIndexOf('{"urn"')}`)
})

test('wrapped, single and line by line', async () => {
  const wrapped = await postsFile(JSON.stringify({ total: 2, matching_elements: [invented(1), invented(2)] }))
  const single = await postsFile(JSON.stringify(invented(3), null, 2))
  const lines = await postsFile(
    `${text({ text: 'four' })}\n{"broken":[\n${JSON.stringify(invented(5))}\n`,
    'a.jsonl',
  )
  const { posts } = await importPosts(database, wrapped, single, lines)
  expect(posts).toEqual({ processed: 6, new: 4, known: 1, rejected: 1 })
})

test('a file that cannot be read makes the run failed with its reason, and loses no other', async () => {
  const missing = `${await postsFile('')}.gone`
  const { status, error, posts } = await importPosts(database, missing, await postsFile([invented(1)]))
  expect(posts.new).toBe(1)
  expect(status).toBe('failed')
  expect(error).toContain(missing)
})

describe('of a file larger than memory, no more than a little is held', () => {
  /** The size in megabytes, with one large post per ten: PostgreSQL stores less than is read. */
  const largeFile = async (megabytes: number): Promise<string> => {
    const file = await postsFile('[')
    for (let n = 0; n < megabytes; n += 10) {
      await appendFile(file, `${JSON.stringify(invented(n, { text: 'x'.repeat(100_000) }))},`.repeat(100))
    }
    await appendFile(file, `${JSON.stringify(invented(megabytes))}]`)
    onTestFinished(() => rm(file))
    return file
  }
  const inLittleMemory = async (...args: string[]): Promise<{ posts: number; peakBytes: number }> => {
    const program = fileURLToPath(new URL('large-file-process.fixture.ts', import.meta.url))
    const node = promisify(execFile)(process.execPath, ['--max-old-space-size=64', program, ...args])
    return JSON.parse((await node).stdout) as { posts: number; peakBytes: number }
  }

  test('when it is looked at', async () => {
    const { posts, peakBytes } = await inLittleMemory(await largeFile(300))
    expect(posts).toBe(3001)
    expect(peakBytes).toBeLessThan(250e6)
  })

  test('when it is imported', async () => {
    const files = [await largeFile(150)]
    const runId = await createImportRun(database, { files, machine: 'here' })
    const { posts, peakBytes } = await inLittleMemory(...files, database.url, runId)
    expect(posts).toBe(1501)
    expect(peakBytes).toBeLessThan(250e6)
    const { rows } = await database.query('SELECT count(*)::int AS n FROM posts')
    expect(rows).toEqual([{ n: 16 }])
  })
})
