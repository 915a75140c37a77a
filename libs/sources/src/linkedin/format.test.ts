import {
  InvalidPostError,
  placeOf,
  type JsonObject,
  type JsonValue,
  type SourcePost,
} from '@mediakeep/plugin-api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sourceFormat } from './format.ts'

const ACTIVITY = '7392508631268835328'
const POSTED_AT = Number(BigInt(ACTIVITY) >> 22n)

const post = (changes: JsonObject = {}): JsonObject => ({
  urn: { activity_urn: ACTIVITY, share_urn: '7392508630111111111', ugcPost_urn: null },
  full_urn: `urn:li:activity:${ACTIVITY}`,
  posted_at: { date: '2025-11-07 12:00:00', relative: '2w', timestamp: POSTED_AT },
  text: 'The harbour at dawn',
  url: 'https://www.linkedin.com/posts/ada-invented_1',
  post_type: 'regular',
  author: { username: 'ada-invented', profile_picture: 'https://media.licdn.com/ada.jpg' },
  stats: { total_reactions: 12, like: 10, love: 2, comments: 3, reposts: 1 },
  ...changes,
})

const recognises = (item: JsonObject): boolean => sourceFormat.recognises(item, placeOf())
const read = (item: JsonObject): SourcePost => sourceFormat.read(item, placeOf()) as SourcePost

const refusal = (changes: JsonObject): InvalidPostError => {
  try {
    read(post(changes))
  } catch (error) {
    if (error instanceof InvalidPostError) return error
    throw error
  }
  throw new Error('it was read')
}

const mediaOf = (changes: JsonObject): string[] =>
  read(post({ author: null, ...changes })).media.map(
    ({ role, mediaType, pointer, url }) => `${role} ${mediaType} ${pointer} ${url}`,
  )

test('a post of today', () => {
  expect(recognises(post())).toBe(true)
  expect(read(post())).toEqual({
    identity: ACTIVITY,
    urn: `urn:li:activity:${ACTIVITY}`,
    otherUrns: ['urn:li:share:7392508630111111111', ACTIVITY],
    foreignUrns: [],
    fullUrn: `urn:li:activity:${ACTIVITY}`,
    postedAt: POSTED_AT,
    authorUsername: 'ada-invented',
    text: 'The harbour at dawn',
    postType: 'regular',
    url: 'https://www.linkedin.com/posts/ada-invented_1',
    totalReactions: 12,
    stats: { total_reactions: 12, like: 10, love: 2, comments: 3, reposts: 1 },
    media: [
      {
        url: 'https://media.licdn.com/ada.jpg',
        role: 'avatar',
        mediaType: 'image',
        pointer: '/author/profile_picture',
      },
    ],
  })
})

describe('who the post is', () => {
  test.each<[string, JsonObject]>([
    ['a plain number as text', { urn: ACTIVITY }],
    ['a plain urn', { urn: `urn:li:activity:${ACTIVITY}` }],
    ['a whole urn within', { urn: { activity_urn: `urn:li:activity:${ACTIVITY}` } }],
    ['activity_id', { urn: null, activity_id: ACTIVITY, full_urn: null }],
    ['full_urn alone', { urn: null }],
  ])('%s is the same post', (_shape, changes) => {
    const older = post(changes)
    expect(recognises(older)).toBe(true)
    const urn = `urn:li:activity:${ACTIVITY}`
    expect(read(older)).toMatchObject({ identity: ACTIVITY, urn, fullUrn: urn })
  })

  test('without an activity, the share names it', () => {
    const shared = post({ urn: { activity_urn: null, share_urn: ACTIVITY }, full_urn: '' })
    expect(read(shared)).toMatchObject({ urn: `urn:li:share:${ACTIVITY}`, postedAt: POSTED_AT })
  })

  test.each<[string, JsonObject, string]>([
    ['no urn', { urn: {}, full_urn: null }, '/urn'],
    ['another type', { urn: { activity_urn: true } }, '/urn/activity_urn'],
    ['a number that lost digits', { urn: 7392508631268835000 }, '/urn'],
    ['words', { urn: 'unknown' }, '/urn'],
  ])('%s is refused', (_shape, changes, pointer) => {
    expect(refusal(changes).pointer).toBe(pointer)
  })

  test('posts of others are not recognised', () => {
    for (const other of [{}, { id: 1 }, { urn: 'urn:forum:1' }, { error: null }]) {
      expect(recognises(other)).toBe(false)
    }
  })
})

describe('when it was posted', () => {
  test.each<[string, JsonValue]>([
    ['absent', null],
    ['only a local date', { date: '2025-11-07 12:00:00', relative: '2w' }],
    ['words', { timestamp: 'yesterday' }],
    ['the timestamp as text', { timestamp: String(POSTED_AT) }],
  ])('%s: the id tells', (_shape, posted_at) => {
    expect(read(post({ posted_at })).postedAt).toBe(POSTED_AT)
  })

  test.each([1.7e9, 8.64e15 + 1, 1e300, -1, Date.UTC(2100, 0, 1)])('%d is out of range', (timestamp) => {
    expect(refusal({ posted_at: { timestamp } })).toMatchObject({
      code: 'date_out_of_range',
      pointer: '/posted_at/timestamp',
    })
  })

  test('an id without a time of this century is refused', () => {
    expect(refusal({ urn: '42', posted_at: null })).toMatchObject({
      code: 'date_out_of_range',
      pointer: '/urn',
    })
  })
})

describe('its media', () => {
  test('an image post repeats its url: both places are told', () => {
    const media = {
      type: 'image',
      url: 'https://a/1',
      images: [{ url: 'https://a/1', width: 800, height: 600 }],
    }
    expect(mediaOf({ media })).toEqual([
      'content image /media/url https://a/1',
      'content image /media/images/0/url https://a/1',
    ])
    expect(read(post({ media })).media[1]).toMatchObject({ width: 800, height: 600 })
  })

  test('images as objects, as texts, as items', () => {
    expect(mediaOf({ media: { type: 'images', images: ['https://a/1', { url: 'https://a/2' }] } })).toEqual([
      'content image /media/images/0 https://a/1',
      'content image /media/images/1/url https://a/2',
    ])
    expect(mediaOf({ media: { type: 'images', items: [{ url: 'https://a/1' }, 'https://a/2'] } })).toEqual([
      'content image /media/items/0/url https://a/1',
      'content image /media/items/1 https://a/2',
    ])
  })

  test('videos and documents with their thumbnails', () => {
    expect(mediaOf({ media: { type: 'video', url: 'https://a/v', thumbnail: 'https://a/t' } })).toEqual([
      'content video /media/url https://a/v',
      'thumbnail image /media/thumbnail https://a/t',
    ])
    expect(
      mediaOf({ media: { type: 'document', url: 'https://a/d', thumbnail: { url: 'https://a/t' } } }),
    ).toEqual(['content document /media/url https://a/d', 'thumbnail image /media/thumbnail/url https://a/t'])
  })

  test("an article's picture, not its page", () => {
    const article = { url: 'https://news.example/page', title: 'T', thumbnail: 'https://a/t' }
    expect(mediaOf({ article })).toEqual(['article image /article/thumbnail https://a/t'])
  })

  test('what a reshared post shows belongs to the outer one', () => {
    const inner = post({
      media: { type: 'video', url: 'https://a/v' },
      article: { thumbnail: 'https://a/t' },
    })
    expect(
      mediaOf({ reshared_post: { ...inner, reshared_post: { media: { url: 'https://a/w' } } } }),
    ).toEqual([
      'reshare video /reshared_post/media/url https://a/v',
      'reshare image /reshared_post/article/thumbnail https://a/t',
      'reshare image /reshared_post/reshared_post/media/url https://a/w',
      'avatar image /reshared_post/author/profile_picture https://media.licdn.com/ada.jpg',
    ])
  })

  test('what is not a URL is handed on to be told of, what is absent is not', () => {
    expect(
      mediaOf({ media: { url: 42, images: [null, '', {}, { url: ['x'] }, 'a.jpg'] }, article: 'none' }),
    ).toEqual([
      'content image /media/url 42',
      'content image /media/images/3/url ["x"]',
      'content image /media/images/4 a.jpg',
    ])
  })
})

test('an error item is refused with what it says', () => {
  expect(recognises({ error: 'Profile not found' })).toBe(true)
  expect(refusal({ error: 'Profile not found' })).toMatchObject({
    code: 'source_error',
    pointer: '/error',
    message: 'Profile not found',
  })
})

test('optional fields of a wrong type are read as absent', () => {
  const odd = post({ text: 5, url: [], post_url: 'https://a/old', post_type: {}, author: 'Ada', stats: [1] })
  expect(read(odd)).toMatchObject({
    text: undefined,
    url: 'https://a/old',
    postType: undefined,
    authorUsername: undefined,
    stats: undefined,
    totalReactions: undefined,
  })
})

test('any JSON in any field is read or refused, nothing else', () => {
  const keys = [
    'urn',
    'full_urn',
    'posted_at',
    'media',
    'article',
    'reshared_post',
    'author',
    'stats',
    'error',
  ]
  const changes = fc.dictionary(fc.constantFrom(...keys), fc.jsonValue() as fc.Arbitrary<JsonValue>)
  fc.assert(
    fc.property(changes, (change) => {
      const changed = post(change)
      recognises(changed)
      try {
        read(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidPostError)
      }
    }),
  )
})
