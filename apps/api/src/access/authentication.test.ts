import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { createToken, revokeToken, type Viewer } from '@mediakeep/access'
import { openJwtAuthenticator } from '@mediakeep/jwt'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../api.fixture.ts'
import { openAuthentication } from './authentication.ts'
import { UnguardedServerError } from './guarded.ts'

let db: TestDatabase
let provider: Server
let published: JWK[]
let isProviderAway = false
let signer: CryptoKey
const started: TestApi[] = []

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  signer = privateKey
  published = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }]
  provider = createServer((_request, response) => {
    response.writeHead(isProviderAway ? 503 : 200).end(JSON.stringify({ keys: published }))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
})
afterAll(() => provider.close())
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(async () => {
  for (const api of started.splice(0)) await api.close()
  await db.drop()
})

async function start(options: Parameters<typeof startTestApi>[1] = {}): Promise<TestApi> {
  const api = await startTestApi(db, options)
  started.push(api)
  return api
}

const identityProvider = (): ReturnType<typeof openJwtAuthenticator> =>
  openJwtAuthenticator({
    jwksUrl: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`,
    issuer: 'https://login.example/',
    audience: 'mediakeep',
  })

function jwt(scope: string, expiresIn = 60): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + expiresIn
  return new SignJWT({ iss: 'https://login.example/', aud: 'mediakeep', sub: 'anna', scope, exp })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .sign(signer)
}

async function ask(api: TestApi, credential?: string): Promise<[number, string | undefined]> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(credential && { authorization: `Bearer ${credential}` }),
    },
    body: '{"query":"{ mediaStats { mediaCount } }"}',
  })
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] }
  return [response.status, errors?.[0]?.extensions.code]
}

test('beyond this machine the server starts with a token or an identity provider, and not without', async () => {
  const reaches = [{ host: '0.0.0.0' }, { publicUrl: 'https://media.example' }]
  for (const reach of reaches) await expect(start(reach)).rejects.toThrow(UnguardedServerError)
  await expect(start(reaches[0])).rejects.toThrow('mediakeep token create')
  for (const reach of reaches)
    expect((await start({ ...reach, identityProvider: identityProvider() })).isUnguarded).toBe(false)
  await createToken(db, { name: 'first', scopes: ['read'], createdBy: 'a test' })
  for (const reach of reaches) expect((await start(reach)).isUnguarded).toBe(false)
  expect((await start({ publicUrl: 'http://localhost:4000' })).isUnguarded).toBe(false)
})

test('without a token whoever is at this machine may do everything, until there is one; and never again', async () => {
  const api = await start()
  expect(api.isUnguarded).toBe(true)
  expect(await ask(api)).toEqual([200, undefined])
  expect(await ask(api, 'guessed')).toEqual([401, 'UNAUTHENTICATED'])
  const { secret } = await createToken(db, { name: 'first', scopes: ['read'], createdBy: 'a test' })
  expect(await ask(api, secret)).toEqual([200, undefined])
  await expect.poll(() => ask(api), { timeout: 60_000 }).toEqual([401, 'UNAUTHENTICATED'])
  await db.query('DELETE FROM mediakeep.api_tokens')
  expect(await ask(api)).toEqual([401, 'UNAUTHENTICATED'])
})

test('a revoked token is out within seconds, and so are the answers under way for it', async () => {
  const media = {
    ...{ sha256: 'a'.repeat(64), byteSize: 100, mimeType: 'video/mp4', fileName: 'med-00000001.mp4' },
    locate: () => Promise.reject(new Error('it is nowhere')),
    // Sends 10 of 100 bytes; the rest never arrive.
    open: () =>
      Promise.resolve(
        new Readable({
          read() {
            if (this.readableDidRead) return
            this.push('0123456789')
          },
        }),
      ),
  }
  const api = await start({ openMedia: () => Promise.resolve(media) })
  const locally = (await fetch(`${api.url}/media/med-00000001`)).body!.getReader()
  const { secret } = await createToken(db, { name: 'leaked', scopes: ['read'], createdBy: 'a test' })
  const response = await fetch(`${api.url}/media/med-00000001`, {
    headers: { authorization: `Bearer ${secret}` },
  })
  const reader = response.body!.getReader()
  await reader.read()
  await locally.read()
  const ended = (of: typeof reader): Promise<string> =>
    of.read().then(
      () => 'went on',
      () => 'cut off',
    )
  const endedLocally = ended(locally)
  await revokeToken(db, 'leaked')
  expect(await ended(reader)).toBe('cut off')
  // This one started without a token, before any token existed.
  expect(await endedLocally).toBe('cut off')
  expect(await ask(api, secret)).toEqual([401, 'UNAUTHENTICATED'])
})

test('a subscription ends when its token is revoked', async () => {
  const api = await start()
  const { secret } = await createToken(db, { name: 'watching', scopes: ['read'], createdBy: 'a test' })
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${secret}`,
    },
    body: '{"query":"subscription { mediaStatusChanged { cursor } }"}',
  })
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/event-stream'),
  ])
  await revokeToken(db, 'watching')
  await expect(response.text()).rejects.toThrow()
})

test('tokens of an identity provider are taken by their scopes; while it is away, it is said', async () => {
  const api = await start({ identityProvider: identityProvider() })
  expect(await ask(api)).toEqual([401, 'UNAUTHENTICATED'])
  isProviderAway = true
  expect(await ask(api, await jwt('read'))).toEqual([503, 'IDENTITY_PROVIDER_UNAVAILABLE'])
  isProviderAway = false
  expect(await ask(api, await jwt('read'))).toEqual([200, undefined])
  expect(await ask(api, await jwt('import openid'))).toEqual([403, 'FORBIDDEN'])
  expect(await ask(api, await jwt('read', -60))).toEqual([401, 'UNAUTHENTICATED'])
  const { secret } = await createToken(db, { name: 'ours', scopes: ['read'], createdBy: 'a test' })
  expect(await ask(api, secret)).toEqual([200, undefined])
})

test('without an identity provider, its tokens are nobody’s', async () => {
  const api = await start()
  expect(await ask(api, await jwt('admin'))).toEqual([401, 'UNAUTHENTICATED'])
})

test('a token may send so many requests a minute, and is told; others go on', async () => {
  const api = await start({ requestsPerMinute: 60 })
  const make = async (name: string): Promise<string> =>
    (await createToken(db, { name, scopes: ['read'], createdBy: 'a test' })).secret
  const [eager, patient] = [await make('eager'), await make('patient')]
  const get = (secret: string): Promise<Response> =>
    fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${secret}` } })
  const answers = await Promise.all(Array.from({ length: 15 }, () => get(eager)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
  const refused = answers.find(({ status }) => status === 429)!
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'retry-after': '1',
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': '0',
  })
  expect(await ask(api, eager)).toEqual([429, 'RATE_LIMITED'])
  expect(await ask(api, patient)).toEqual([200, undefined])
})

test('who tries again and again without a valid token hears that it is too often, and who has one does not', async () => {
  const api = await start()
  const { secret } = await createToken(db, { name: 'good', scopes: ['read'], createdBy: 'a test' })
  const tries = await Promise.all(Array.from({ length: 300 }, () => ask(api, `mk_${'x'.repeat(43)}`)))
  const heard = tries.filter(([status]) => status === 401).length
  expect(heard).toBeGreaterThanOrEqual(100)
  expect(tries.filter(([, code]) => code === 'RATE_LIMITED').length).toBe(300 - heard)
  expect(heard).toBeLessThan(300)
  expect(api.logged.filter(({ message }) => message === 'refused')).toHaveLength(heard)
  expect(await ask(api, secret)).toEqual([200, undefined])
})

test('a token that has expired ends its own answers, and not those of the same subject’s next token', async () => {
  const authentication = openAuthentication({
    db,
    identityProvider: undefined,
    isLocal: false,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const viewer = (expiresAt: number): Viewer => ({
    id: 'anna',
    name: 'anna',
    scopes: new Set(['read']),
    expiresAt: new Date(expiresAt),
  })
  const [old, fresh] = [viewer(Date.now() - 1000), viewer(Date.now() + 60_000)]
  const ended = await authentication.ended([old, fresh])
  expect([ended.has(old), ended.has(fresh)]).toEqual([true, false])
})
