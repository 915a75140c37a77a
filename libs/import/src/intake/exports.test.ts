import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { InvalidPostError, type JsonObject, type JsonValue, type SourceFormat } from '@mediakeep/plugin-api'
import { buildZip, createTestDatabase, type TestDatabase, type ZipMember } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createImportRun, previewImport, readRunSummary, runImport, type ImportPreview } from '../index.ts'
import { formats, invented } from '../posts.fixture.ts'

const FIRST = 1_700_000_000_000

/** Reads messages of chats, with the chat's name around them, and the owner's name from a file of its own. */
const chat: SourceFormat = {
  name: 'chat',
  platform: 'chat',
  files: [
    { path: 'data/chats.js', encoding: 'javascript', posts: '/chats/*/messages', keep: ['/version'] },
    { path: 'data/notes.csv', encoding: 'csv' },
    { path: 'data/log.txt', encoding: 'text', startsItem: (line) => /^\d+:/.test(line) },
  ],
  facts: [{ path: 'data/owner.json' }],
  recognises: (item) => 'm' in item || 'note' in item || ('line' in item && typeof item.text === 'string'),
  read(item, place) {
    if (item.m === 0) return { skip: 'like' }
    if (item.m === 99) throw new InvalidPostError('/m', 'not 99')
    const id = 'line' in item ? `line-${JSON.stringify(item.line)}` : plain(item.m ?? item.note)
    const file = place.resolve(`data/media/${id}.jpg`)
    return {
      urn: `chat:${id}`,
      postedAt: FIRST,
      author: { username: textOf(place.facts['data/owner.json'], 'name') },
      text: [textOf(place.around[0], 'name'), plain(place.kept['/version']), plain(item.text)].join('|'),
      media:
        id === '1' || id === '2'
          ? [
              {
                ...(file ? { file } : { missing: 'left out' }),
                role: 'content',
                mediaType: 'image',
                pointer: '/m',
              },
            ]
          : [],
    }
  },
}
const plain = (value: JsonValue | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
const textOf = (value: JsonValue | undefined, key: string): string =>
  plain((value as JsonObject | undefined)?.[key])

/** Envelopes hold posts of any format. */
const envelope: SourceFormat = {
  name: 'envelope',
  platform: 'none',
  recognises: () => false,
  unwrap: ({ envelope_of, data }) =>
    envelope_of === undefined
      ? undefined
      : envelope_of === 'advertisement'
        ? { skip: 'advertisement' }
        : { post: data as JsonObject, pointer: '/data', seenAt: FIRST },
  read: () => ({ skip: 'never' }),
}
const all = [...formats, chat, envelope]

const CHATS = `window.DATA.chats = {"version":7,"chats":[{"name":"Ada","messages":[{"m":1,"text":"a"},{"m":0}]},
  {"name":"Bob","messages":[{"m":2},{"m":99},{"m":3}]}]}`
const MEMBERS: readonly ZipMember[] = [
  { name: 'export-1/data/chats.js', bytes: CHATS },
  { name: 'export-1/data/owner.json', bytes: '{"name":"ada"}' },
  { name: 'export-1/data/media/1.jpg', bytes: 'jpeg' },
  { name: 'export-1/data/notes.csv', bytes: '\ufeffnote,text\r\nn1,"one, with ""quotes"""\r\nn2,two\r\n' },
  { name: 'export-1/data/log.txt', bytes: '5: five\nstill five\n6: six\n' },
  { name: 'export-1/data/advertisers.json', bytes: '[{"ad":1}]' },
]

let folder: string
let database: TestDatabase
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exports-'))
  database = await createTestDatabase()
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await database.drop()
})

const write = async (name: string, bytes: Buffer | string): Promise<string> => {
  await writeFile(join(folder, name), bytes)
  return join(folder, name)
}
const imported = async (path: string, use?: readonly string[]) => {
  const runId = await createImportRun(database, { files: [path], machine: 'here', formats: use })
  const { status, error } = await runImport(database, { runId, formats: all })
  return { status, error, summary: (await readRunSummary(database, runId))! }
}
const preview = (path: string, some = all): Promise<ImportPreview> => previewImport([path], some)

test('a zip archive: posts at pointers, facts, fields around, tables, texts; others are ignored', async () => {
  const path = await write('chat.zip', buildZip(MEMBERS))
  const { status, summary } = await imported(path)
  expect(status).toBe('completed')
  expect(summary.posts).toEqual({ processed: 8, new: 7, known: 0, rejected: 1 })
  expect(summary.formats).toEqual({ chat: 7 })
  expect(summary.skipped).toEqual({ like: 1 })
  const { rows } = await database.query(
    `SELECT urn, author_username AS author, text_content AS text FROM posts WHERE platform = 'chat' ORDER BY 1`,
  )
  expect(rows.map(({ urn, author, text }) => [urn, author, text].join(' '))).toEqual([
    'chat:1 ada Ada|7|a',
    'chat:2 ada Bob|7|',
    'chat:3 ada Bob|7|',
    'chat:line-1 ada ||5: five\nstill five',
    'chat:line-3 ada ||6: six',
    'chat:n1 ada ||one, with "quotes"',
    'chat:n2 ada ||two',
  ])
  const media = await database.query(
    `SELECT m.media_url AS url, fate, fate_reason AS reason FROM post_media m JOIN posts p USING (post_id)
     WHERE platform = 'chat' ORDER BY 1`,
  )
  expect(media.rows).toEqual([
    {
      url: 'mediakeep-file:export-1/data/media/1.jpg',
      fate: 'waiting',
      reason: null,
    },
    { url: 'mediakeep-file:left out', fate: 'gone', reason: 'missing_in_export: left out' },
  ])
})

test('a folder with the same files gives the same, and a second import adds nothing', async () => {
  const root = join(folder, 'unpacked')
  for (const { name, bytes } of MEMBERS) {
    await mkdir(join(root, name as string, '..'), { recursive: true })
    await writeFile(join(root, name as string), bytes!)
  }
  const { summary } = await imported(root)
  expect(summary.posts).toMatchObject({ new: 0, rejected: 1 })
  expect(summary.formats).toEqual({ chat: 7 })
})

test('a file in an archive whose layout is known may hold no posts; elsewhere it is one error', async () => {
  const stray = { name: 'more/stray.json', bytes: '[{"id":1},{"id":2}]' }
  expect((await preview(await write('known.zip', buildZip([...MEMBERS, stray])))).fileErrors).toEqual([])
  const { fileErrors, rejected } = await preview(await write('unknown.zip', buildZip([stray])))
  expect(rejected).toEqual([])
  expect(fileErrors).toEqual([expect.stringMatching(/unknown.zip.more.stray.json holds no posts.*--format/)])
})

test('refused members are named, the others are imported', async () => {
  const path = await write(
    'hostile.zip',
    buildZip([{ name: '../x.json', bytes: '[]' }, ...MEMBERS.slice(0, 2)]),
  )
  const { status, error, summary } = await imported(path)
  expect({ status, formats: summary.formats }).toEqual({ status: 'failed', formats: { chat: 3 } })
  expect(error).toMatch(/hostile.zip: not read: ..\/x.json \(its path leads out of the archive\)/)
})

test('an archive that is no archive is one error', async () => {
  const { posts, fileErrors } = await preview(await write('cut.zip', buildZip(MEMBERS).subarray(0, 200)))
  expect({ posts, fileErrors }).toEqual({
    posts: 0,
    fileErrors: [expect.stringMatching(/cut.zip is not a whole zip/)],
  })
})

test('compressed files are read alone and within a folder', async () => {
  const bytes = gzipSync(JSON.stringify([invented(1), invented(2)]))
  expect(await preview(await write('posts.json.gz', bytes))).toMatchObject({ posts: 2, fileErrors: [] })
  await mkdir(join(folder, 'packed'))
  await write(
    'packed/posts.ndjson.gz',
    gzipSync(`${JSON.stringify(invented(1))}\n${JSON.stringify(invented(2))}\n`),
  )
  expect(await preview(join(folder, 'packed'))).toMatchObject({
    posts: 2,
    formats: { linkedin: { posts: 2 } },
  })
})

test('posts in envelopes are recognised by every format, with pointers into the item', async () => {
  const lines = [
    { envelope_of: 'linkedin', data: invented(70) },
    { envelope_of: 'advertisement' },
    { envelope_of: 'chat', data: { m: 71 } },
    { envelope_of: 'unknown', data: { x: 1 } },
  ]
  const path = await write('mixed.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
  const { summary } = await imported(path)
  expect(summary).toMatchObject({
    formats: { linkedin: 1, chat: 1 },
    skipped: { advertisement: 1 },
    posts: { processed: 3, new: 2, rejected: 1 },
  })
  const { rows } = await database.query(
    `SELECT json_pointers FROM post_media JOIN posts USING (post_id) WHERE raw_json LIKE '{"envelope_of%'`,
  )
  expect(JSON.stringify(rows)).toContain('"/data/')
  // The stored envelope has the identity of the post: a second import finds it.
  expect((await imported(path)).summary.posts).toMatchObject({ new: 0, known: 2 })
})

test('an item that two formats recognise is rejected; one that is named reads it', async () => {
  const twin: SourceFormat = { ...chat, name: 'twin', files: [{}] }
  const other: SourceFormat = { ...chat, name: 'other', files: [{}] }
  const path = await write('twins.json', '[{"m":80}]')
  const { rejected } = await preview(path, [twin, other])
  expect(rejected).toMatchObject([
    { code: 'ambiguous_format', reason: expect.stringContaining('twin, other') as string },
  ])
  const runId = await createImportRun(database, { files: [path], machine: 'here', formats: ['other'] })
  await runImport(database, { runId, formats: [twin, other] })
  expect((await readRunSummary(database, runId))!.formats).toEqual({ other: 1 })
})
