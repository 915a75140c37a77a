import { placeOf } from '@mediakeep/plugin-api'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a video of YouTube keeps its bare id, and has its author, time and text', async () => {
  const { posts } = await read('channel')
  const post = posts.find((found) => found.post.urn === 'aQvGIIdgFDM')!.post
  expect(post).toMatchObject({
    platform: 'youtube',
    postedAt: 1714557600_000,
    author: {
      id: 'UCinvented00000000000000',
      username: 'adainvented',
      displayName: 'Ada Invented',
      profileUrl: 'https://www.youtube.com/@adainvented',
    },
    text: 'Gulls at the harbour\n\nGulls, all day. #gulls',
    hashtags: ['harbour', 'gulls'],
    totalReactions: 12,
  })
  expect(post.media[0]).toMatchObject({ width: 1920, height: 1080, durationMs: 12_000 })
})

test('without a timestamp the day counts, and without that the time of the extraction', async () => {
  const times = async (sample: string): Promise<Record<string, number>> =>
    Object.fromEntries((await read(sample)).posts.map(({ post }) => [post.urn, post.postedAt]))
  expect((await times('channel')).bQvGIIdgFDM).toBe(Date.UTC(2024, 4, 2))
  expect((await times('other-sites'))['vimeo:76979871']).toBe(1714557600_000)
})

test('videos of other sites are named as those of their own formats', async () => {
  const { posts } = await read('other-sites')
  expect(posts.map(({ post }) => [post.platform, post.urn, post.idTime])).toEqual([
    ['vimeo', 'vimeo:76979871', undefined],
    ['instagram', 'instagram:3358275011851845633', 1714557600_000],
    ['x', 'x:1785610110366646277', 1714557600_000],
  ])
})

test('files are found by names with spaces and brackets; parts that were not merged are none', () => {
  const stem = 'folder/Gulls at dawn [aQvGIIdgFDM]'
  const files = ['mkv', 'f137.mp4', 'f251.webm', 'temp.mp4', 'webp', 'en-GB.vtt', 'description', 'info.json']
  const info = {
    id: 'aQvGIIdgFDM',
    extractor: 'youtube',
    webpage_url: 'https://y.example',
    upload_date: '20240501',
  }
  const place = placeOf(`${stem}.info.json`, [...files.map((name) => `${stem}.${name}`), `${stem}2.mp4`])
  const post = sourceFormat.read(info, place)
  expect('media' in post && post.media.map(({ file, role }) => [role, file])).toEqual([
    ['content', `${stem}.mkv`],
    ['thumbnail', `${stem}.webp`],
    ['content', `${stem}.en-GB.vtt`],
  ])
})
