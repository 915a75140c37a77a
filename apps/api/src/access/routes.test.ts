import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { SCOPES } from '@mediakeep/access'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api.fixture.ts'
import { PATHS } from '../http/routes.ts'
import { mediaLinks } from '../media/links.ts'
import { INVALID, makeTokens } from './tokens.fixture.ts'

const SECRET = 'a secret of these tests'
const MEDIA = 'med-00000001'

let folder: string
let db: TestDatabase
let api: TestApi
let bearer: Awaited<ReturnType<typeof makeTokens>>

beforeAll(async () => {
  db = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-routes-'))
  const path = join(folder, 'picture.jpg')
  bearer = await makeTokens(db)
  const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#369' } })
    .jpeg()
    .toBuffer()
  const media = {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    byteSize: bytes.byteLength,
    mimeType: 'image/jpeg',
    fileName: `${MEDIA}.jpg`,
    open: () => Promise.resolve(Readable.from([bytes])),
    locate: () => writeFile(path, bytes).then(() => path),
  }
  api = await startTestApi(db, {
    openMedia: () => Promise.resolve(media),
    signingSecret: SECRET,
    allowedOrigins: ['https://app.example'],
    publicUrl: 'https://media.example',
  })
})
afterAll(async () => {
  await api.close()
  await db.drop()
  await rm(folder, { recursive: true })
})

/** Access by route: `everybody`, or the scopes of which one is enough. */
const QUERY = `/graphql?query=${encodeURIComponent('{ mediaStats { mediaCount } }')}`
const rights: Record<string, 'everybody' | readonly string[]> = {
  '/': 'everybody',
  '/.well-known/mediakeep-keys.json': 'everybody',
  '/health/live': 'everybody',
  '/health/ready': 'everybody',
  '/health/serving': 'everybody',
  [QUERY]: ['read', 'admin'],
  '/metrics': ['read', 'operate', 'admin'],
  [`/media/${MEDIA}`]: ['read', 'admin'],
  [`/media/${MEDIA}/thumbnail`]: ['read', 'admin'],
}
const answers: Record<string, RegExp> = { [QUERY]: /mediaCount/, '/metrics': /mediakeep_/ }

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(`${api.url}${path}`, { headers, method })

test('every route is in the table of these tests', () => {
  const known = Object.keys(rights).map((path) => path.split('?')[0])
  expect(new Set(known)).toEqual(new Set([...PATHS, `/media/${MEDIA}`, `/media/${MEDIA}/thumbnail`]))
})

describe.each(Object.entries(rights))('%s', (path, enough) => {
  test('the right scope is let in, the others are refused', async () => {
    for (const scope of SCOPES) {
      const response = await get(path, bearer(scope))
      const isEnough = enough === 'everybody' || enough.includes(scope)
      expect([scope, response.status]).toEqual([scope, isEnough ? 200 : 403])
      const text = await response.text()
      if (isEnough) expect(text).toMatch(answers[path] ?? /./)
      else expect(text).not.toMatch(/"data"|mediakeep_/)
    }
  })

  test('without a token, only what is for everybody', async () => {
    const response = await get(path)
    expect(response.status).toBe(enough === 'everybody' ? 200 : 401)
    expect(response.headers.get('www-authenticate')).toBe(
      enough === 'everybody' ? null : 'Bearer realm="mediakeep"',
    )
    expect(await response.text()).not.toMatch(/"data"|mediakeep_|"database"/)
  })

  test('a token that is good for nothing is no better than none', async () => {
    const isPublic = ['/', '/.well-known/mediakeep-keys.json', '/health/live'].includes(path)
    for (const name of INVALID) {
      const response = await get(path, bearer(name))
      expect([name, response.status]).toEqual([name, isPublic ? 200 : 401])
      if (!isPublic) expect(response.headers.get('www-authenticate')).toContain('invalid_token')
    }
  })

  test('to pages of other origins there is nothing, token or not, by any method', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://app.example.evil.example' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ]
    for (const headers of foreign)
      for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD']) {
        const response = await get(path, { ...bearer('admin'), ...headers }, method)
        expect(response.status).toBe(403)
        expect(response.headers.get('access-control-allow-origin')).toBe(null)
        expect(await response.text()).not.toMatch(/"data"|mediakeep_/)
      }
  })

  test('tokens are taken from the header alone', async () => {
    if (enough === 'everybody') return
    const secret = bearer('admin')['authorization']!.slice('Bearer '.length)
    const joint = path.includes('?') ? '&' : '?'
    expect((await get(`${path}${joint}access_token=${secret}&token=${secret}`)).status).toBe(401)
    expect((await get(path, { cookie: `token=${secret}; authorization=Bearer ${secret}` })).status).toBe(401)
    expect((await get(path, { authorization: `Basic ${btoa(`admin:${secret}`)}` })).status).toBe(401)
    expect((await get(path, { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' })).status).toBe(401)
  })
})

test('what is failing is for those who operate', async () => {
  const body = async (headers?: Record<string, string>): Promise<unknown> =>
    (await get('/health/ready', headers)).json()
  expect(await body()).toEqual({ status: 'ok' })
  expect(await body(bearer('read'))).toEqual({ status: 'ok' })
  expect(await body(bearer('operate'))).toEqual({ status: 'ok', database: 'ok' })
})

test('a signed link works in a page of another site, as a picture, but no page can read it', async () => {
  const link = new URL(mediaLinks({ baseUrl: api.url, secret: SECRET }).media(MEDIA, null))
  const path = `${link.pathname}${link.search}`
  const asPicture = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  expect((await get(path, asPicture)).status).toBe(200)
  expect((await get(path, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await get(`${path}x`, asPicture)).status).toBe(403)
})

test('pages of an allowed origin may ask, with a token, and read the answer', async () => {
  const origin = 'https://app.example'
  const asked = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  }
  const preflight = await get('/graphql', asked, 'OPTIONS')
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, origin])
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  const answer = await get(QUERY, { origin, ...bearer('read') })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin])
  expect(answer.headers.get('access-control-allow-credentials')).toBe(null)
  expect((await get(QUERY, { origin })).status).toBe(401)
})

test('GraphiQL is a page for everybody in development, and nothing but that', async () => {
  const page = await get(QUERY, { accept: 'text/html' })
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self'")
  expect(await page.text()).not.toMatch(/(src|href)="?https?:/)
  const posted = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { accept: 'text/html', 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  })
  expect(posted.status).toBe(401)
})

test('a refusal is logged with the token’s id and name, and never its secret', async () => {
  api.logged.length = 0
  const secrets = ['revoked', 'read'].map((name) =>
    bearer(name as 'read')['authorization']!.slice('Bearer mk_'.length),
  )
  await get('/metrics', bearer('revoked'))
  await get(`${QUERY}&x=${secrets[1]!}`, bearer('import'))
  await get('/metrics')
  const credential = { id: expect.stringMatching(/^tok-/) as string, name: 'revoked' }
  expect(api.logged[0]!.details).toMatchObject({
    reason: 'revoked',
    credential,
    address: '127.0.0.1',
    url: '/metrics',
  })
  expect(api.logged[1]!.details).toMatchObject({
    credential: { name: 'import' },
    fields: ['Query.mediaStats'],
  })
  expect(api.logged[2]!.details).toMatchObject({ reason: 'no token' })
  for (const secret of secrets) expect(JSON.stringify(api.logged)).not.toContain(secret)
})
