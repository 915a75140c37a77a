import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { listCommand } from './syntax/list.ts'

let place: Installation
beforeAll(async () => {
  place = await install()
  await place.db.query(
    `INSERT INTO posts (post_id, urn, platform, posted_at_timestamp, author_username)
     VALUES ('p-00000001', '1', 'linkedin', 0, 'ada'), ('p-00000002', '2', 'youtube', 0, 'o''neil')`,
  )
  await place.db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, fate, ai_analysis_status, archive_url, source_host)
     VALUES ('med-00000001', 'p-00000001', 'image', 'https://a.example/1', 'fetched', 'completed', 's3://b/1', 'a.example'),
       ('med-00000002', 'p-00000001', 'video', 'https://a.example/2', 'gone', NULL, NULL, 'a.example'),
       ('med-00000003', 'p-00000002', 'image', 'https://b.example/3', 'waiting', 'not_started', NULL, 'b.example')`,
  )
})
afterAll(() => place.remove())

test('list shows the author of each item', async () => {
  const { stdout } = await place.run('list')
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toMatchObject([
    ['media', 'author', 'fate'],
    ['med-00000001', 'ada', 'fetched'],
    ['med-00000002', 'ada', 'gone'],
    ['med-00000003', "o'neil", 'waiting'],
    [''],
  ])
})

/** The last digits of the media that `list` shows. */
async function listed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.run('list', '--json', ...args)
  expect([code, stderr]).toEqual([0, ''])
  return (JSON.parse(stdout) as { mediaId: string }[]).map(({ mediaId }) => mediaId.at(-1)).join('')
}

test('each filter narrows the list, and several narrow it together', async () => {
  expect(await listed('--author', "o'neil")).toBe('3')
  expect(await listed('--type', 'image', '--platform', 'linkedin')).toBe('1')
  expect(await listed('--status', 'not_started', '--host', 'a.example')).toBe('2')
  expect(await listed('--no-archived', '--post-id', 'p-00000001')).toBe('2')
  expect(await listed('--archived', '--fate', 'fetched')).toBe('1')
  expect(await listed('--limit', '1', '--no-cached')).toBe('1')
})

test('media are found by time, words, failure, likeness and expiry', async () => {
  const sha = (n: number): string => `0${n}`.repeat(32)
  await place.db.query(`UPDATE posts SET text_content = 'a harbour at night' WHERE post_id = 'p-00000001'`)
  await place.db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, inspected_at,
       cache_id, inspect_not_before, inspect_error)
     SELECT repeat('0' || n, 32), repeat('0' || n, 16), repeat('0' || n, 16), 1, 'image', 'image/png', 'png',
       CASE n WHEN 1 THEN now() END,
       gen_random_uuid(), CASE n WHEN 2 THEN now() END, CASE n WHEN 2 THEN 'no_space: full' END
     FROM generate_series(1, 2) n`,
  )
  await place.db.query(
    `INSERT INTO mediakeep.analyses (sha256_sum, analyser, analyser_version, media_type, state, search_text, perceptual_hash)
     VALUES ($1, 'facts', '1', 'image', 'completed', 'GRAVITON', 255), ($2, 'facts', '1', 'image', 'completed', '', 254)`,
    [sha(1), sha(2)],
  )
  await place.db.query(
    `UPDATE post_media SET sha256_sum = CASE media_id WHEN 'med-00000001' THEN $1 WHEN 'med-00000002' THEN $2 END,
       fate = CASE media_id WHEN 'med-00000003' THEN 'waiting' ELSE 'fetched' END, source_key = media_id,
       created_at = timestamptz '2026-01-01Z' + right(media_id, 1)::int * interval '1 day',
       posted_at = timestamptz '2025-01-01Z' + right(media_id, 1)::int * interval '1 day',
       url_expires_at = now() + interval '3 hours'`,
    [sha(1), sha(2)],
  )
  expect(await listed('--created-after', '2026-01-03')).toBe('23')
  expect(await listed('--created-before', '2026-01-03')).toBe('1')
  expect(await listed('--posted-before', '2025-01-03')).toBe('1')
  expect(await listed('--text', 'harbour')).toBe('12')
  expect(await listed('--search', 'graviton')).toBe('1')
  expect(await listed('--inspected')).toBe('1')
  expect(await listed('--no-inspected')).toBe('2')
  expect(await listed('--failed-at', 'inspect', '--reason', 'no_space')).toBe('2')
  expect(await listed('--failed-at', 'inspect', '--reason', 'other')).toBe('')
  expect(await listed('--similar-to', 'med-00000001')).toBe('2')
  expect(await listed('--similar-to', 'med-00000001', '--max-distance', '0')).toBe('')
  expect(await listed('--expires-within', '4')).toBe('3')
  expect(await listed('--expires-within', '2')).toBe('')
})

test('media without a role are content, as older tools stored them', async () => {
  await place.db.query(`UPDATE post_media SET role = 'avatar' WHERE media_id = 'med-00000003'`)
  await place.db.query(`UPDATE post_media SET role = 'content' WHERE media_id = 'med-00000002'`)
  expect(await listed('--role', 'content')).toBe('12')
})

test('options that need another one say so', async () => {
  const wrong = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await place.run('list', ...args)
    expect(code).toBe(2)
    return stderr
  }
  expect(await wrong('--reason', 'http_403')).toContain('--failed-at')
  expect(await wrong('--max-distance', '3')).toContain('--similar-to')
  expect(await wrong('--expires-within', '721')).toContain('a whole number from 1 to 720')
})

/** The options of `list` for the fields of the API's filter. */
const OPTIONS: Readonly<Record<string, string>> = {
  md5Sum: '--md5',
  sha256Sum: '--sha256',
  failure: '--failed-at',
  expiresWithinHours: '--expires-within',
  postedAfter: '--start-date',
}

test("list has an option for each of the API's filters", async () => {
  const schema = await readFile(join(import.meta.dirname, '../../api/schema.graphql'), 'utf8')
  const fields = /^input MediaFilter {(.*?)^}/ms.exec(schema)![1]!.matchAll(/^ {2}(\w+):/gm)
  const wanted = [...fields].map(
    ([, name]) => OPTIONS[name!] ?? `--${name!.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  )
  expect(wanted.length).toBeGreaterThan(20)
  expect(listCommand().options.map(({ long }) => long)).toEqual(expect.arrayContaining(wanted))
})
