import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

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

test('each filter narrows the list, and several narrow it together', async () => {
  const listed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await place.run('list', '--json', ...args)
    expect([code, stderr]).toEqual([0, ''])
    return (JSON.parse(stdout) as { mediaId: string }[]).map(({ mediaId }) => mediaId.at(-1)).join('')
  }
  expect(await listed('--author', "o'neil")).toBe('3')
  expect(await listed('--type', 'image', '--platform', 'linkedin')).toBe('1')
  expect(await listed('--status', 'not_started', '--host', 'a.example')).toBe('2')
  expect(await listed('--no-archived', '--post-id', 'p-00000001')).toBe('2')
  expect(await listed('--archived', '--fate', 'fetched')).toBe('1')
  expect(await listed('--limit', '1', '--no-cached')).toBe('1')
})
