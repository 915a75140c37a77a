import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AuthenticationError, IdentityProviderError, type Viewer } from '@mediakeep/access'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openJwtAuthenticator, type JwtOptions } from './jwt-authenticator.ts'

const issuer = 'https://login.example/'
const audience = 'mediakeep'

/** The identity provider: a server that publishes the keys in `published`. */
let provider: Server
let published: JWK[]
let requests = 0
let status = 200
let signer: CryptoKey

async function newKey(kid: string, alg = 'ES256'): Promise<{ signer: CryptoKey; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { signer: privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
}

beforeAll(async () => {
  provider = createServer((_request, response) => {
    requests++
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: published }))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
})
afterAll(() => provider.close())
beforeEach(async () => {
  const key = await newKey('first')
  signer = key.signer
  published = [key.jwk]
  requests = 0
  status = 200
})

const jwksUrl = (): string => `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`
const open = (options: Partial<JwtOptions> = {}): ReturnType<typeof openJwtAuthenticator> =>
  openJwtAuthenticator({ jwksUrl: jwksUrl(), issuer, audience, cooldownMs: 0, ...options })

const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset
/** A claim that is undefined is omitted. */
type Claims = Readonly<Record<string, unknown>>

function sign(
  claims: Claims = {},
  kid = 'first',
  key: CryptoKey | Uint8Array = signer,
  alg = 'ES256',
): Promise<string> {
  const payload = { iss: issuer, aud: audience, sub: 'anna', exp: seconds(60), scope: 'read', ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key)
}
async function reason(token: string, options?: Partial<JwtOptions>): Promise<string> {
  const error: unknown = await open(options)
    .authenticate(token)
    .catch((failure: unknown) => failure)
  expect(error).toBeInstanceOf(AuthenticationError)
  return (error as AuthenticationError).reason
}

test('a token that the provider signed tells its bearer', async () => {
  expect(await open().authenticate(await sign({ scope: 'read import openid' }))).toEqual({
    id: 'https://login.example/#anna',
    name: 'anna',
    scopes: new Set(['read', 'import']),
    expiresAt: expect.any(Date) as Date,
  } satisfies Viewer)
})

test.each([
  ['scope in one text', { scope: 'read analyze' }, undefined, ['read', 'analyze']],
  ['scp as a list', { scope: undefined, scp: ['operate'] }, undefined, ['operate']],
  ['a claim of one’s own', { scope: 'admin', 'x:roles': ['read'] }, 'x:roles', ['read']],
  ['nothing of ours', { scope: 'openid email' }, undefined, []],
  ['no claim', { scope: undefined }, undefined, []],
  ['a claim of another form', { scope: { read: true } }, undefined, []],
])('scopes: %s', async (_what, claims, scopesClaim, scopes) => {
  const viewer = await open({ scopesClaim }).authenticate(await sign(claims))
  expect([...viewer.scopes]).toEqual(scopes)
})

test.each([
  ['has expired', { exp: -60 }, 'expired'],
  ['is not valid yet', { nbf: 60 }, 'not_yet_valid'],
  ['never expires', { exp: undefined }, 'untrusted'],
  ['is of another issuer', { iss: 'https://evil.example/' }, 'untrusted'],
  ['is for another audience', { aud: 'another app' }, 'untrusted'],
  ['names no audience', { aud: undefined }, 'untrusted'],
  ['is nobody’s', { sub: undefined }, 'untrusted'],
])('a token that %s is refused', async (_what, claims: Claims, refused) => {
  const fromNow = ([name, value]: [string, unknown]): [string, unknown] => [
    name,
    typeof value === 'number' ? seconds(value) : value,
  ]
  expect(await reason(await sign(Object.fromEntries(Object.entries(claims).map(fromNow))))).toBe(refused)
})

test('unsigned, signed by a published key as if it were a secret, or by another key: refused', async () => {
  const claims = { iss: issuer, aud: audience, sub: 'anna', exp: seconds(60), scope: 'admin' }
  expect(await reason(new UnsecuredJWT(claims).encode())).toBe('untrusted')
  const asSecret = new TextEncoder().encode(JSON.stringify(published[0]))
  expect(await reason(await sign({}, 'first', asSecret, 'HS256'))).toBe('untrusted')
  const symmetric = { kty: 'oct', kid: 'shared', alg: 'HS256', k: Buffer.alloc(32, 1).toString('base64url') }
  published.push(symmetric)
  expect(await reason(await sign({}, 'shared', Buffer.alloc(32, 1), 'HS256'))).toBe('untrusted')
  expect(await reason(await sign({}, 'first', (await newKey('first')).signer))).toBe('untrusted')
  const tampered = (await sign()).split('.')
  tampered[1] = Buffer.from(JSON.stringify(claims)).toString('base64url')
  expect(await reason(tampered.join('.'))).toBe('untrusted')
  expect(await reason('a.b.c')).toBe('malformed')
})

test('an algorithm that is not asymmetric is refused before any key is asked for', async () => {
  const claims = { iss: issuer, aud: audience, sub: 'anna', exp: seconds(60), scope: 'admin' }
  for (const alg of ['HS256', 'HS384', 'HS512'])
    expect(await reason(await sign(claims, 'first', Buffer.alloc(64, 1), alg))).toBe('untrusted')
  expect(await reason(new UnsecuredJWT(claims).encode())).toBe('untrusted')
  expect(requests).toBe(0)
})

test('keys are asked for once, and again when the provider rotated them', async () => {
  const authenticator = open()
  const token = await sign()
  for (let round = 0; round < 5; round++) await authenticator.authenticate(token)
  expect(requests).toBe(1)
  const next = await newKey('second', 'RS256')
  published = [next.jwk]
  const rotated = await sign({}, 'second', next.signer, 'RS256')
  expect((await authenticator.authenticate(rotated)).name).toBe('anna')
  expect(requests).toBe(2)
  await expect(authenticator.authenticate(token)).rejects.toThrow(AuthenticationError)
})

test('keys nobody knows do not make us storm the provider', async () => {
  const authenticator = open({ cooldownMs: 60_000 })
  const forged = await sign({}, 'unheard of')
  for (let round = 0; round < 20; round++)
    await expect(authenticator.authenticate(forged)).rejects.toThrow(AuthenticationError)
  expect(requests).toBe(1)
})

test('while the provider is away nobody new gets in, and it is said that it is the provider', async () => {
  status = 503
  const token = await sign()
  await expect(open().authenticate(token)).rejects.toThrow(IdentityProviderError)
  await expect(open({ jwksUrl: 'http://127.0.0.1:1/keys' }).authenticate(token)).rejects.toThrow(
    IdentityProviderError,
  )
  status = 200
  const authenticator = open()
  await authenticator.authenticate(token)
  status = 503
  expect((await authenticator.authenticate(token)).name).toBe('anna')
})
