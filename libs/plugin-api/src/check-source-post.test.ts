import { expect, test } from 'vitest'
import { checkSourcePost, isSkippedItem } from './check-source-post.ts'
import { InvalidPostError } from './source-format.ts'

const media = { url: 'https://a.example/1.jpg', role: 'content', mediaType: 'image', pointer: '/pictures/0' }
const post = { urn: 'forum:1', postedAt: 1_700_000_000_000, media: [media] }
const refusal = (result: unknown): unknown => {
  try {
    return checkSourcePost({ name: 'forum' }, result)
  } catch (error) {
    return error
  }
}

test('a valid post is returned as it is, odd optional fields and all', () => {
  for (const result of [post, { ...post, text: null, stats: null, width: 1, extra: true, postedAt: -1 }]) {
    expect(refusal(result)).toBe(result)
  }
})

test.each<[string, unknown, string, RegExp]>([
  ['nothing', undefined, 'invalid_result', /format forum returned an invalid post/],
  [
    'a role that is none',
    { ...post, media: [media, { ...media, role: 'cover' }] },
    'invalid_result',
    /\/media\/1\/role/,
  ],
  [
    'a media type that is none',
    { ...post, media: [{ ...media, mediaType: 'smell' }] },
    'invalid_result',
    /\/media\/0\/mediaType/,
  ],
  ['seconds', { ...post, postedAt: 1_700_000_000 }, 'date_out_of_range', /\/postedAt looks like seconds/],
  ['a date', { ...post, postedAt: new Date() }, 'date_out_of_range', /\/postedAt/],
  ['a promise', Promise.resolve(post), 'invalid_post', /returned a promise; read\(\) must not be async/],
  ['no urn', { ...post, urn: 7 }, 'no_urn', /\/urn/],
  ['no media', { ...post, media: undefined }, 'invalid_result', /\/media/],
  ['a text that is none', { ...post, text: ['a'] }, 'invalid_result', /\/text/],
])('%s is refused with the place', (_name, result, code, message) => {
  const error = refusal(result)
  expect(error).toBeInstanceOf(InvalidPostError)
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string })
})

const file = { ...media, url: undefined, file: 'data/media/1-größe.jpg', altText: 'A harbour', durationMs: 0 }

test('everything that a post and its media may carry is accepted', () => {
  const full = {
    ...post,
    platform: 'mastodon',
    idTime: 1_700_000_000_000,
    author: { id: '1', displayName: 'Ada', profileUrl: 'https://a.example/@ada' },
    language: 'pt-BR',
    contentWarning: 'boats',
    hashtags: ['sea'],
    mentions: ['bob@b.example'],
    links: [{ kind: 'reply', urn: 'mastodon:0', url: 'https://a.example/0' }],
    media: [
      { ...file, key: 'bafy', attested: { sha256: 'a'.repeat(64), byteSize: 0 } },
      { ...media, candidates: [{ url: 'https://a.example/2.mp4', bitrate: 1e6 }] },
      { ...media, url: undefined, missing: '(File not included)' },
      { ...media, url: 'not a URL: its row says so' },
    ],
  }
  expect(refusal(full)).toBe(full)
})

test.each<[string, object, RegExp]>([
  ['neither URL nor file', { ...media, url: undefined }, /media.0 needs a url, a file/],
  ['a path out of the export', { ...file, file: 'data/../../x.jpg' }, /media.0.file must be a path within/],
  ['an absolute path', { ...file, file: '/etc/passwd' }, /media.0.file must be a path within/],
  ['a drive', { ...file, file: 'C:\\x.jpg' }, /media.0.file must be a path within/],
  ['half a hash', { ...file, attested: { sha256: 'ab' } }, /media.0.attested.sha256/],
  ['a rendition that is no URL', { ...media, candidates: [{ url: '2.mp4' }] }, /candidates.0.url must begin/],
  ['endless alt text', { ...media, altText: 'a'.repeat(20_001) }, /media.0.altText/],
  ['NUL in a key', { ...media, key: 'a\0' }, /media.0.key holds a NUL/],
  ['a negative duration', { ...media, durationMs: -1 }, /media.0.durationMs/],
])('media with %s is refused', (_name, reference, message) => {
  expect(refusal({ ...post, media: [reference] })).toMatchObject({
    message: expect.stringMatching(message) as string,
  })
})

test.each<[string, object, RegExp]>([
  ['seconds of an edit', { editedAt: 1_700_000_000 }, /editedAt looks like seconds/],
  ['seconds of an id', { idTime: 1_700_000_000 }, /idTime looks like seconds/],
  ['a link of no kind', { links: [{ kind: 'like', urn: 'x:1' }] }, /links.0.kind/],
  ['a profile that is no web page', { author: { profileUrl: 'javascript:alert(1)' } }, /author.profileUrl/],
  ['a lone surrogate in a name', { author: { displayName: '\ud800' } }, /author.displayName holds/],
])('%s is refused', (_name, changes, message) => {
  expect(refusal({ ...post, ...changes })).toMatchObject({
    message: expect.stringMatching(message) as string,
  })
})

test('an item that is no post is recognised by its reason', () => {
  expect(isSkippedItem({ skip: 'boost' })).toBe(true)
  for (const other of [post, null, 'skip', { skip: true }, Promise.resolve()])
    expect(isSkippedItem(other)).toBe(false)
})

test('a promise that rejects later is refused at once, and ends no process', async () => {
  expect(refusal(Promise.reject(new Error('late')))).toBeInstanceOf(InvalidPostError)
  await new Promise((resolve) => setImmediate(resolve))
})
