import { InvalidPostError, placeOf, type JsonObject, type SourcePost } from '@mediakeep/plugin-api'
import fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mediaLines, readSample } from '../testing/read-sample.fixture.ts'
import { tableFormat } from './format.ts'
import { InvalidMappingError } from './mapping.ts'

const MAPPING = { urn: 'id', postedAt: 'created', text: 'body', username: 'who', media: ['image_url'] }

const read = (row: JsonObject, mapping: object = MAPPING, files: string[] = []): SourcePost =>
  tableFormat(mapping).read(row, placeOf('table.csv', files)) as SourcePost

test.each(['posts.csv', 'posts.tsv', 'posts.json'])('reads %s as counted by hand', async (name) => {
  const mapping = { ...MAPPING, platform: 'forum', media: ['image_url', { column: 'clip', type: 'video' }] }
  const format = tableFormat(mapping)
  const { posts, rejected, skipped } = await readSample(join(import.meta.dirname, 'samples', name), [format])
  expect(posts.map(({ post }) => [post.urn, post.postedAt, post.text, mediaLines(post).length])).toEqual([
    ['forum:1', 1714557600_000, 'The quay, at dawn', 2],
    ['forum:2', 1714557700_000, 'Two lines\nof text', 3],
  ])
  expect(posts.flatMap(({ post }) => mediaLines(post))).toEqual([
    'content image /image_url https://a.example/quay.jpg',
    'content video /clip https://a.example/quay',
    'content image /image_url https://a.example/1.jpg',
    'content image /image_url https://a.example/2.png',
    'content video /clip missing: the export does not have clips/2.mp4',
  ])
  expect(rejected.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
    'date_out_of_range /created',
    'no_urn /id',
  ])
  expect(skipped).toEqual({})
})

describe('dates', () => {
  test.each<[string | number, object, number]>([
    ['2024-05-01T10:00:00Z', {}, 1714557600_000],
    ['2024-05-01 12:00', { timeZone: '+02:00' }, 1714557600_000],
    ['2024-05-01 10:00:00+00:00', { timeZone: '+02:00' }, 1714557600_000],
    ['2024-05-01', { timeZone: '+02:00' }, Date.UTC(2024, 3, 30, 22)],
    [1714557600, {}, 1714557600_000],
    ['1714557600', {}, 1714557600_000],
    [1714557600_123, {}, 1714557600_123],
    ['01/05/2024 10:00', { dateOrder: 'DMY' }, 1714557600_000],
    ['5/1/2024, 9:30', { dateOrder: 'MDY' }, Date.UTC(2024, 4, 1, 9, 30)],
    ['1.5.2024', { dateOrder: 'DMY' }, Date.UTC(2024, 4, 1)],
  ])('%s with %j', (created, settings, time) => {
    expect(read({ id: '1', created }, { ...MAPPING, ...settings }).postedAt).toBe(time)
  })

  test.each(['01/05/2024', 'yesterday', '', null, '2024-02-31', 12])(
    '%s is refused with what would be read',
    (created) => {
      const refused = (): unknown => read({ id: '1', created })
      expect(refused).toThrow(InvalidPostError)
      expect(refused).toThrow(/column created has no date that can be read|not a time between/)
    },
  )
})

test('a column may be a pointer, media a list, and an id a number', () => {
  const mapping = {
    urn: 'id',
    postedAt: '/at/created',
    media: ['/files', { column: '/cover/url', role: 'thumbnail', altText: 'alt' }],
  }
  const row = {
    id: 7,
    at: { created: 1714557600 },
    files: ['a.jpg', 'https://a.example/b.mp4'],
    cover: { url: '//a.example/c' },
    alt: 'A cover',
  }
  const post = read(row, mapping, ['a.jpg'])
  expect(post.urn).toBe('table:7')
  expect(mediaLines(post)).toEqual([
    'content image /files/0 a.jpg',
    'content video /files/1 https://a.example/b.mp4',
    'thumbnail image /cover/url //a.example/c',
  ])
  expect(post.media[2]!.altText).toBe('A cover')
})

test.each<[unknown, RegExp]>([
  [{ postedAt: 'created' }, /urn: /],
  [{ ...MAPPING, medium: ['x'] }, /medium/],
  [{ ...MAPPING, timeZone: 'Berlin' }, /timeZone: Z or an offset such as \+02:00/],
  [{ ...MAPPING, media: [{ column: 'x', type: 'picture' }] }, /media/],
  [[], /the mapping: /],
  ['id', /\{"urn": "id"/],
])('mapping %j is refused with its errors', (mapping, message) => {
  expect(() => tableFormat(mapping)).toThrow(InvalidMappingError)
  expect(() => tableFormat(mapping)).toThrow(message)
})

test('any row is read or refused as invalid, nothing else', () => {
  const format = tableFormat({ ...MAPPING, url: '/a/0/b' })
  const value = fc.jsonValue() as fc.Arbitrary<JsonObject[string]>
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('id', 'created', 'body', 'who', 'image_url', 'a'), value),
      (row) => {
        format.recognises(row, placeOf())
        try {
          format.read(row, placeOf())
        } catch (error) {
          if (!(error instanceof InvalidPostError)) throw error
        }
      },
    ),
  )
})
