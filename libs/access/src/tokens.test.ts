import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { TokenNameTakenError, TokenNotFoundError } from './errors.ts'
import { createToken, findToken, hasTokens, listTokens, revokeToken } from './tokens.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => db.drop())
beforeEach(async () => {
  await db.query('DELETE FROM mediakeep.api_tokens')
})

const reader = { name: 'reader', scopes: ['read'], createdBy: 'a test' } as const

test('a secret is 256 random bits, said once and stored nowhere', async () => {
  const { token, secret } = await createToken(db, reader)
  expect(secret).toMatch(/^mk_[\w-]{43}$/)
  expect(token).toMatchObject({ name: 'reader', scopes: ['read'], createdBy: 'a test', expiresAt: null })
  const { rows } = await db.query<{ row: string }>('SELECT t::text AS row FROM mediakeep.api_tokens t')
  expect(rows[0]!.row).not.toContain(secret.slice(3))
  expect(JSON.stringify(await listTokens(db))).not.toContain(secret.slice(3))
})

test('a name has one living token; revoked ones stay and free it', async () => {
  const { token } = await createToken(db, reader)
  await expect(createToken(db, reader)).rejects.toThrow(TokenNameTakenError)
  const revoked = await revokeToken(db, 'reader')
  expect(revoked).toMatchObject({ tokenId: token.tokenId, revokedAt: expect.any(Date) as Date })
  await createToken(db, reader)
  expect((await listTokens(db)).map(({ revokedAt }) => revokedAt === null)).toEqual([true, false])
  expect(await revokeToken(db, token.tokenId)).toEqual(revoked)
  expect((await findToken(db, 'reader')).revokedAt).toBe(null)
})

test('there is no token of a name that nobody has', async () => {
  await expect(revokeToken(db, 'nobody')).rejects.toThrow(TokenNotFoundError)
  await expect(findToken(db, 'nobody')).rejects.toThrow(TokenNotFoundError)
})

test('once there was a token, there is one for ever: revoking the last opens nothing', async () => {
  expect(await hasTokens(db)).toBe(false)
  await createToken(db, reader)
  await revokeToken(db, 'reader')
  expect(await hasTokens(db)).toBe(true)
})

test('PostgreSQL takes no scope that is not known, and no token without one', async () => {
  for (const scopes of [['root'], []])
    await expect(createToken(db, { ...reader, scopes: scopes as never })).rejects.toThrow('scopes_check')
})
