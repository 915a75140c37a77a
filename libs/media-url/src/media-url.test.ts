import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidMediaUrlError, readMediaUrl, withScheme } from './media-url.ts'

const keyOf = (url: string): string => readMediaUrl(url).sourceKey
const expiryOf = (url: string): string | undefined => readMediaUrl(url).expiresAt?.toISOString()
const expiry = '2025-11-27T00:00:00.000Z'
const seconds = 1_764_201_600
const hex = seconds.toString(16)

const s3 = (date: string, lifetime: string, signature: string): string =>
  `https://b.s3.eu-west-1.amazonaws.com/a.jpg?versionId=7&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k%2F${signature}` +
  `&X-Amz-Date=${date}&X-Amz-Expires=${lifetime}&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`

describe.each([
  {
    host: 'LinkedIn',
    signed: (s: string) => `https://media.licdn.com/dms/image/v2/D4E/photo/0/1?e=${seconds}&v=beta&t=${s}`,
    unsigned: 'https://media.licdn.com/dms/image/v2/D4E/photo/0/1',
    selecting: `https://media.licdn.com/dms/image/v2/D4E/photo/0/1?w=64&e=${seconds}&v=beta&t=a`,
  },
  {
    host: 'Instagram',
    signed: (s: string) =>
      `https://scontent-fra3-1.cdninstagram.com/v/t51/9_n.jpg?stp=dst-jpg_s640&_nc_ht=x&_nc_ohc=${s}&oh=${s}&oe=${hex.toUpperCase()}`,
    unsigned: 'https://scontent-fra3-1.cdninstagram.com/v/t51/9_n.jpg?stp=dst-jpg_s640',
    selecting: `https://scontent-fra3-1.cdninstagram.com/v/t51/9_n.jpg?stp=dst-jpg_s1080&oh=a&oe=${hex}`,
  },
  {
    host: 'Discord',
    signed: (s: string) =>
      `https://cdn.discordapp.com/attachments/1/2/a.png?ex=${hex}&is=66${s}&hm=${s}&width=550`,
    unsigned: 'https://cdn.discordapp.com/attachments/1/2/a.png?width=550',
    selecting: `https://cdn.discordapp.com/attachments/1/2/a.png?ex=${hex}&is=6&hm=a&width=100`,
  },
  {
    host: 'TikTok',
    signed: (s: string) =>
      `https://p16-sign.tiktokcdn-us.com/o/a.jpeg?x-expires=${seconds}&x-signature=${s}%3D`,
    unsigned: 'https://p16-sign.tiktokcdn-us.com/o/a.jpeg',
    selecting: `https://p16-sign.tiktokcdn-us.com/o/a.jpeg?size=2&x-expires=${seconds}&x-signature=a`,
  },
  {
    host: 'S3',
    signed: (s: string) => s3('20251126T230000Z', '3600', s),
    unsigned: 'https://b.s3.eu-west-1.amazonaws.com/a.jpg?versionId=7',
    selecting: s3('20251126T230000Z', '3600', 'a').replace('versionId=7', 'versionId=8'),
  },
  {
    host: 'CloudFront',
    signed: (s: string) =>
      `http://127.0.0.1:8080/a.jpg?size=1&Expires=${seconds}&Signature=${s}~_&Key-Pair-Id=K2J`,
    unsigned: 'http://127.0.0.1:8080/a.jpg?size=1',
    selecting: `http://127.0.0.1:8080/a.jpg?size=2&Expires=${seconds}&Signature=a&Key-Pair-Id=K2J`,
  },
])('a URL signed by $host', ({ signed, unsigned, selecting }) => {
  test('has one source key under every signature: that of the unsigned URL', () => {
    expect(keyOf(signed('aa'))).toBe(keyOf(signed('bb')))
    expect(keyOf(signed('aa'))).toBe(hash('sha256', unsigned))
  })
  test('says when it expires', () => {
    expect(expiryOf(signed('aa'))).toBe(expiry)
  })
  test('keeps the parameters that select the content', () => {
    expect(keyOf(selecting)).not.toBe(keyOf(signed('a')))
  })
})

test('parameters of those names at other hosts, or without their signature, select: they are kept', () => {
  for (const name of [
    'e',
    't',
    'v',
    'oe',
    'ex',
    'Expires',
    'X-Amz-Date',
    'Signature',
    'x-expires',
    '_nc_ht',
  ]) {
    const [one, other] = [
      readMediaUrl(`https://a.example/i?${name}=1`),
      keyOf(`https://a.example/i?${name}=2`),
    ]
    expect(one.sourceKey).not.toBe(other)
    expect(one.expiresAt).toBeUndefined()
  }
  expect(keyOf('https://evil-licdn.com/i?t=1')).not.toBe(keyOf('https://evil-licdn.com/i?t=2'))
})

test('what is no time of this century is no expiry', () => {
  for (const e of ['', '0', '-1', '1e9', 'abc', '1764201600000', '99999999999999999999', '4102444800']) {
    expect(expiryOf(`https://media.licdn.com/i?e=${e}&t=a`), e).toBeUndefined()
  }
  expect(expiryOf('https://cdn.discordapp.com/i?ex=zz&is=1&hm=1')).toBeUndefined()
  expect(expiryOf(s3('20251399T230000Z', '3600', 'a'))).toBeUndefined()
  expect(expiryOf(s3('20251126T230000Z', 'x', 'a'))).toBeUndefined()
})

test('the URL is normalised, its fragment dropped, the rest kept to the letter', () => {
  expect(keyOf('HTTPS://A.Example:443/x/../i.jpg?b=%7e&a=1#top')).toBe(
    hash('sha256', 'https://a.example/i.jpg?b=%7e&a=1'),
  )
  expect(readMediaUrl('https://A.Example:8443/i').host).toBe('a.example:8443')
  expect(readMediaUrl('https://A.Example:443/i').host).toBe('a.example')
})

test('other schemes are read, too: the guard refuses them later', () => {
  expect(readMediaUrl('file:///etc/passwd').host).toBe('')
  expect(readMediaUrl('data:image/png;base64,AAAA')).toMatchObject({ host: '', expiresAt: undefined })
  expect(readMediaUrl('ftp://a.example/i').host).toBe('a.example')
})

test('what is no URL, or longer than 8 KiB, is refused', () => {
  const long = `https://a.example/${'a'.repeat(8192)}`
  const longEncoded = `https://a.example/${'é'.repeat(2000)}`
  for (const text of ['', 'photo.jpg', '/a/b.jpg', '//', 'http://', 'http://[::1', long, longEncoded]) {
    expect(() => readMediaUrl(text), text.slice(0, 30)).toThrow(InvalidMediaUrlError)
  }
})

test('any text gives a key or the one expected error', () => {
  const anyText = fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string())
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        expect(keyOf(text)).toMatch(/^[0-9a-f]{64}$/)
        expect(keyOf(new URL(text).href)).toBe(keyOf(text))
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidMediaUrlError)
      }
    }),
  )
})

test('a URL without a scheme is read as https', () => {
  expect(withScheme(' //media.licdn.com/a?e=1')).toBe('https://media.licdn.com/a?e=1')
  expect(readMediaUrl('//media.licdn.com/a')).toEqual(readMediaUrl('https://media.licdn.com/a'))
  for (const other of ['http://a/b', 'a/b', '/a', '///a', '//', 'data:,//a'])
    expect(withScheme(other)).toBe(other)
})
