import { expect, test } from 'vitest'
import { checkSourcePost } from './check-source-post.ts'
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

test('a promise that rejects later is refused at once, and ends no process', async () => {
  expect(refusal(Promise.reject(new Error('late')))).toBeInstanceOf(InvalidPostError)
  await new Promise((resolve) => setImmediate(resolve))
})
