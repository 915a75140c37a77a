import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createToken } from '@mediakeep/access'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServedMedia } from '../ports/actions.ts'
import { startTestApi, type TestApi } from '../api.fixture.ts'
import { checkSignature, mediaLinks } from './links.ts'

const SECRET = 'a secret of these tests'
const JPEG = 'med-00000001'
const HTML = 'med-00000002'
const VIDEO = 'med-00000003'
const LOST = 'med-00000004'
const SVG = 'med-00000005'
const files = new Map<string, { bytes: Buffer; mimeType: string; extension: string }>()
/** Ids that the server looked up, and ids whose file it opened. */
const asked: string[] = []
const read: string[] = []
let folder: string
let db: TestDatabase
/** A database that contains a token. */
let guardedDb: TestDatabase
/** A server on loopback, open to everyone on this machine. */
let api: TestApi
/** A server with a public name: requests need a signed link or a token. */
let guarded: TestApi
let secret: string

beforeAll(async () => {
  const image = sharp({ create: { width: 1000, height: 500, channels: 3, background: '#369' } })
  files.set(JPEG, { bytes: await image.jpeg().toBuffer(), mimeType: 'image/jpeg', extension: 'jpg' })
  files.set(HTML, {
    bytes: Buffer.from('<script>alert(1)</script>'),
    mimeType: 'text/html',
    extension: 'h"\r\nx: y',
  })
  files.set(SVG, { bytes: Buffer.from('<svg/>'), mimeType: 'image/svg+xml', extension: 'svg' })
  files.set(VIDEO, { bytes: Buffer.from('0123456789'), mimeType: 'video/mp4', extension: 'mp4' })
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-media-'))
  db = await createTestDatabase()
  const openMedia = (id: string): Promise<ServedMedia | undefined> => {
    asked.push(id)
    return id === LOST
      ? Promise.reject(new Error('the archive at 10.0.0.1 is away'))
      : Promise.resolve(opened(id))
  }
  api = await startTestApi(db, { openMedia, signingSecret: SECRET })
  guardedDb = await createTestDatabase()
  secret = (await createToken(guardedDb, { name: 'reader', scopes: ['read'], createdBy: 'a test' })).secret
  guarded = await startTestApi(guardedDb, {
    openMedia,
    signingSecret: SECRET,
    publicUrl: 'https://media.example',
  })
})
afterAll(async () => {
  await api.close()
  await guarded.close()
  await db.drop()
  await guardedDb.drop()
  await rm(folder, { recursive: true })
})

function opened(id: string): ServedMedia | undefined {
  const file = files.get(id)
  if (!file) return undefined
  const { bytes, mimeType, extension } = file
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    byteSize: bytes.byteLength,
    mimeType,
    fileName: `${id}.${extension}`,
    open(range) {
      read.push(id)
      return Promise.resolve(
        Readable.from([bytes.subarray(range?.start ?? 0, (range?.end ?? bytes.length) + 1)]),
      )
    },
    async locate() {
      const path = join(folder, id)
      await writeFile(path, bytes)
      return path
    },
  }
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(`${api.url}${path}`, { headers, method })

test('bytes of strangers come with the headers that keep them harmless', async () => {
  const known = { 'if-none-match': '*' }
  for (const response of [
    ...[await get(`/media/${JPEG}`), await get(`/media/${HTML}`), await get(`/media/${JPEG}`, known)],
    ...[await get(`/media/${JPEG}/thumbnail`), await get('/media/none'), await get(`/media/${LOST}`)],
  ]) {
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  }
})

test('an image is shown; what a browser could run is an attachment of no type', async () => {
  const image = await get(`/media/${JPEG}`)
  expect(image.headers.get('content-type')).toBe('image/jpeg')
  expect(image.headers.get('content-disposition')).toBe(`inline; filename="${JPEG}.jpg"`)
  expect(Buffer.from(await image.arrayBuffer())).toEqual(files.get(JPEG)!.bytes)
  const page = await get(`/media/${HTML}`)
  expect(page.headers.get('content-type')).toBe('application/octet-stream')
  expect(page.headers.get('content-disposition')).toBe(`attachment; filename="${HTML}.h___x__y"`)
  const drawing = await get(`/media/${SVG}`)
  expect(drawing.headers.get('content-type')).toBe('application/octet-stream')
  expect(drawing.headers.get('content-disposition')).toBe(`attachment; filename="${SVG}.svg"`)
})

test('the ETag is the digest; a client that has it is told so', async () => {
  const etag = `"${opened(JPEG)!.sha256}"`
  expect((await get(`/media/${JPEG}`)).headers.get('etag')).toBe(etag)
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await get(`/media/${JPEG}`, { 'if-none-match': known })
    expect([response.status, await response.text()]).toEqual([304, ''])
  }
  expect((await get(`/media/${JPEG}`, { 'if-none-match': '"other"' })).status).toBe(200)
})

test.each([
  ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=-3', 206, '789', 'bytes 7-9/10'],
  ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
  ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
  ['bytes=10-', 416, undefined, 'bytes */10'],
  ['bytes=-0', 416, undefined, 'bytes */10'],
  ['bytes=0-1,4-5', 200, '0123456789', null],
  ['bytes=5-2', 200, '0123456789', null],
  ['pages=1-2', 200, '0123456789', null],
])('Range %s is answered %i', async (range, status, text, contentRange) => {
  const response = await get(`/media/${VIDEO}`, { range })
  const body = await response.text()
  expect([response.status, response.headers.get('content-range')]).toEqual([status, contentRange])
  if (text !== undefined)
    expect([body, response.headers.get('content-length')]).toEqual([text, String(text.length)])
})

test('If-Range: a part of what the client has, otherwise the whole', async () => {
  const etag = `"${opened(VIDEO)!.sha256}"`
  const range = 'bytes=0-1'
  expect((await get(`/media/${VIDEO}`, { range, 'if-range': etag })).status).toBe(206)
  expect((await get(`/media/${VIDEO}`, { range, 'if-range': `W/${etag}` })).status).toBe(200)
  expect((await get(`/media/${VIDEO}`, { range, 'if-range': '"other"' })).status).toBe(200)
})

test('HEAD says what GET would, and reads no file', async () => {
  read.length = 0
  const head = await get(`/media/${VIDEO}`, {}, 'HEAD')
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
  const etag = head.headers.get('etag')!
  expect(etag).toBe(`"${opened(VIDEO)!.sha256}"`)
  expect((await get(`/media/${VIDEO}`, { 'if-none-match': etag }, 'HEAD')).status).toBe(304)
  expect(read).toEqual([])
  expect((await get(`/media/${VIDEO}`, {}, 'DELETE')).status).toBe(405)
})

test('only a URL that names the digest is cached for good', async () => {
  const caching = async (query: string): Promise<string | null> =>
    (await get(`/media/${VIDEO}${query}`)).headers.get('cache-control')
  expect(await caching(`?v=${opened(VIDEO)!.sha256}`)).toContain('immutable')
  expect(await caching('')).toBe('private, no-cache')
  expect(await caching(`?v=${'0'.repeat(64)}`)).toBe('private, no-cache')
})

test('a signed link works, and only as it was signed', async () => {
  const links = mediaLinks({ baseUrl: guarded.url, secret: SECRET })
  const link = links.media(VIDEO, opened(VIDEO)!.sha256)
  const status = async (url: string): Promise<number> => (await fetch(url)).status
  expect(await status(link)).toBe(200)
  expect(await status(link.replace(VIDEO, JPEG))).toBe(403)
  expect(await status(link.replace(/v=\w{4}/, 'v=0000'))).toBe(403)
  expect(await status(link.replace(/expires=\d+/, 'expires=9999999999'))).toBe(403)
  expect(await status(`${link}&width=1280`)).toBe(403)
  expect(await status(link.replace(/&signature=.*/, ''))).toBe(401)
  expect(await status(mediaLinks({ baseUrl: guarded.url, secret: 'another' }).media(VIDEO, null))).toBe(403)
  expect(await status(links.thumbnail(JPEG, null, 160))).toBe(200)
})

test('who bears a token needs no signature, but a wrong one stays wrong', async () => {
  const status = async (path: string): Promise<number> =>
    (await fetch(`${guarded.url}${path}`, { headers: { authorization: `Bearer ${secret}` } })).status
  expect(await status(`/media/${VIDEO}`)).toBe(200)
  expect(await status(`/media/${JPEG}/thumbnail`)).toBe(200)
  expect(await status(`/media/${VIDEO}?expires=9999999999&signature=x`)).toBe(403)
})

test('without a public name, unsigned links work, but not wrongly signed ones', async () => {
  expect((await get(`/media/${VIDEO}`)).status).toBe(200)
  expect((await get(`/media/${VIDEO}?expires=9999999999&signature=x`)).status).toBe(403)
})

test('links of one hour are the same, and expire', () => {
  const at = (now: number): string =>
    mediaLinks({ baseUrl: '', secret: SECRET, now: () => now }).media(JPEG, null)
  expect(at(36_001)).toBe(at(39_600))
  expect(at(36_001)).not.toBe(at(39_601))
  const url = new URL(at(36_001), 'http://localhost')
  const check = (now: number): string => checkSignature(SECRET, url.pathname, url.searchParams, now)
  expect([check(39_600 + 12 * 3600 - 1), check(39_600 + 12 * 3600)]).toEqual(['valid', 'expired'])
})

test.each(['..%2f..%2fetc%2fpasswd', 'med-1', 'med-00000001%00', 'p-00000001', 'images%2fx.jpg'])(
  'nothing but an id is looked up: %s',
  async (name) => {
    asked.length = 0
    expect((await get(`/media/${name}`)).status).toBe(404)
    expect(asked).toEqual([])
  },
)

test('what is not there says why, without the reason of ours', async () => {
  expect((await get('/media/med-0000ffff')).status).toBe(404)
  const lost = await get(`/media/${LOST}`)
  expect(lost.status).toBe(503)
  expect(await lost.text()).not.toContain('10.0.0.1')
  expect(api.logged.some(({ details }) => String(details['err']).includes('10.0.0.1'))).toBe(true)
})

test('thumbnails: the next width there is, made once', async () => {
  const width = async (asked: string): Promise<number | undefined> => {
    const response = await get(`/media/${JPEG}/thumbnail${asked}`)
    expect(response.headers.get('content-type')).toBe('image/webp')
    return (await sharp(Buffer.from(await response.arrayBuffer())).metadata()).width
  }
  expect(await Promise.all(['', '?width=161', '?width=1', '?width=99999', '?width=x'].map(width))).toEqual([
    ...[320, 320, 160, 1000, 320],
  ])
  const first = await get(`/media/${JPEG}/thumbnail`)
  const again = await get(`/media/${JPEG}/thumbnail`, { 'if-none-match': first.headers.get('etag')! })
  expect(again.status).toBe(304)
})

test('where there can be no thumbnail, the answer says so', async () => {
  const [none, broken] = await Promise.all([
    get(`/media/${HTML}/thumbnail`),
    get(`/media/${VIDEO}/thumbnail`),
  ])
  expect([none.status, await none.text()]).toEqual([404, 'There are no thumbnails of text/html.\n'])
  expect([broken.status, await broken.text()]).toEqual([404, 'The file cannot be decoded here.\n'])
})
