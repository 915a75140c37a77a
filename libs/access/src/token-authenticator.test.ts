import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { AuthenticationError } from './errors.ts'
import { newSecret } from './secret.ts'
import { openTokenAuthenticator, type TokenAuthenticator } from './token-authenticator.ts'
import { createToken, listTokens, revokeToken } from './tokens.ts'

let db: TestDatabase
let tokens: TokenAuthenticator
let statements: number
let now: number

beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  await db.query('DELETE FROM mediakeep.api_tokens')
  statements = now = 0
  const counted: typeof db.query = (text, values) => {
    statements++
    return db.query(text, values)
  }
  tokens = openTokenAuthenticator({ query: counted }, () => now)
})

const create = (name: string, expiresAt?: Date): ReturnType<typeof createToken> =>
  createToken(db, { name, scopes: ['read', 'import'], createdBy: 'a test', expiresAt })
const refusal = async (secret: string): Promise<string> => {
  const error: unknown = await tokens.authenticate(secret).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(AuthenticationError)
  return (error as AuthenticationError).reason
}

test('a secret tells its bearer', async () => {
  const { token, secret } = await create('ci')
  expect(await tokens.authenticate(secret)).toEqual({
    id: token.tokenId,
    name: 'ci',
    scopes: new Set(['read', 'import']),
    expiresAt: undefined,
  })
})

test('what is no secret of a token is refused, and not asked the database when it cannot be one', async () => {
  for (const text of ['', 'mk_', 'mk_short', `${newSecret()}x`, `xx_${newSecret().slice(3)}`, 'mk_\0'])
    expect(await refusal(text)).toBe('malformed')
  expect(statements).toBe(0)
  expect(await refusal(newSecret())).toBe('unknown')
})

test('an expired token is refused, by the clock of the database, the moment it expires', async () => {
  const { secret } = await create('brief')
  await db.query(`UPDATE mediakeep.api_tokens SET expires_at = now() + interval '1 second'`)
  await tokens.authenticate(secret)
  now = 1000
  await db.query(`UPDATE mediakeep.api_tokens SET expires_at = now()`)
  expect(await refusal(secret)).toBe('expired')
})

test('a revoked token is refused within three seconds, and what is known costs no statement meanwhile', async () => {
  const { secret } = await create('leaked')
  await tokens.authenticate(secret)
  const before = statements
  await Promise.all(Array.from({ length: 100 }, () => tokens.authenticate(secret)))
  expect(statements).toBe(before)
  await revokeToken(db, 'leaked')
  now = 3000
  expect(await refusal(secret)).toBe('revoked')
  expect(await refusal(secret)).toBe('revoked')
})

test('many who come with one secret at once cost one look-up', async () => {
  const { secret } = await create('busy')
  await db.query('UPDATE mediakeep.api_tokens SET last_used_at = now()')
  await Promise.all(Array.from({ length: 50 }, () => tokens.authenticate(secret)))
  expect(statements).toBe(1)
})

test('use is recorded, once a minute', async () => {
  const { secret } = await create('used')
  await tokens.authenticate(secret)
  const used = (await listTokens(db))[0]!.lastUsedAt
  expect(used).toBeInstanceOf(Date)
  now = 10_000
  await tokens.authenticate(secret)
  expect((await listTokens(db))[0]!.lastUsedAt).toEqual(used)
})

test('of several tokens it is told which have ended', async () => {
  const [alive, revoked, expired] = await Promise.all(
    ['alive', 'revoked', 'expired'].map((name) => create(name)),
  )
  await revokeToken(db, 'revoked')
  await db.query(`UPDATE mediakeep.api_tokens SET expires_at = now() WHERE name = 'expired'`)
  const ids = [alive!, revoked!, expired!].map(({ token }) => token.tokenId)
  expect(await tokens.ended([...ids, 'tok-gone'])).toEqual(new Set([ids[1], ids[2], 'tok-gone']))
})

test('when the database is away, nobody gets in', async () => {
  const { secret } = await create('patient')
  const cut = openTokenAuthenticator({ query: () => Promise.reject(new Error('away')) })
  await expect(cut.authenticate(secret)).rejects.toThrow('away')
})
