import { join } from 'node:path'
import { placeOf } from '@mediakeep/plugin-api'
import { expect, test } from 'vitest'
import { sourceFormats } from '../index.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

test('each post is handed to the format of its platform, comments are skipped', async () => {
  const { posts, skipped, rejected } = await readSample(
    join(import.meta.dirname, 'samples/mixed.ndjson'),
    sourceFormats,
  )
  expect(posts.map(({ post, format }) => [format, post.urn, post.media.length])).toEqual([
    ['instagram-web', 'instagram:3358275011851845633', 2],
    ['tiktok-web', 'tiktok:7363968819108250601', 4],
    ['threads', 'threads:3358275431282245654', 2],
    ['x-web', 'x:1753633181266870283', 1],
  ])
  expect(skipped).toEqual({ 'a comment (tiktok-comments)': 1 })
  expect(rejected.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(['date_out_of_range /createTime'])
})

test('the post is at /data, and the collector saw it at a time', () => {
  const item = {
    nav_index: '1:0',
    item_id: '1',
    timestamp_collected: 1714557600_000,
    source_platform: 'imgur.com',
  }
  const data = { id: '1' }
  expect(sourceFormat.unwrap!({ ...item, data }, placeOf())).toEqual({
    post: data,
    pointer: '/data',
    seenAt: 1714557600_000,
    formats: undefined,
  })
  for (const other of [item, { source_platform: 'x.com', data }, { ...item, data: 'text' }]) {
    expect(sourceFormat.unwrap!(other, placeOf())).toBeUndefined()
  }
})
