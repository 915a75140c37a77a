import { apiSession, openPool, type Pool, type Session } from '@mediakeep/postgres'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'
import { databaseFailure } from './database-errors.ts'

const coded = (code: string): Error => Object.assign(new Error('it failed'), { code })

test.each([
  ['57014', 'QUERY_TOO_SLOW'],
  ['40001', 'CONFLICTING_CHANGE'],
  ['40P01', 'CONFLICTING_CHANGE'],
  ['55P03', 'CONFLICTING_CHANGE'],
  ['53300', 'DATABASE_BUSY'],
  ['25006', 'DATABASE_READ_ONLY'],
  ['57P01', 'DATABASE_UNAVAILABLE'],
  ['08006', 'DATABASE_UNAVAILABLE'],
  ['ECONNREFUSED', 'DATABASE_UNAVAILABLE'],
])('%s is %s, however deep it is wrapped', (code, expected) => {
  const wrapped = [
    coded(code),
    new Error('outer', { cause: coded(code) }),
    Object.assign(new Error('Prisma'), {
      code: 'P2010',
      meta: { driverAdapterError: new Error('adapter', { cause: { originalCode: code, kind: 'postgres' } }) },
    }),
  ]
  for (const error of wrapped) expect(databaseFailure(error)?.code).toBe(expected)
})

test('a mistake in a statement is no failure of the database', () => {
  for (const error of [coded('42601'), coded('23505'), new Error('no code'), 'text', null, undefined])
    expect(databaseFailure(error)).toBeUndefined()
})

describe('a client', () => {
  let db: TestDatabase
  let api: TestApi
  let pool: Pool
  beforeEach(async () => {
    db = await createTestDatabase()
  })
  afterEach(async () => {
    await api.close()
    await pool.close()
    await db.drop()
  })

  /** Starts the API on connections with these limits. */
  async function start(limits: Partial<Session>): Promise<void> {
    pool = openPool(db.url, { session: { ...apiSession, ...limits } })
    api = await startTestApi({ ...db, ...pool })
  }

  async function errorOf(query: string): Promise<{ status: number; code: unknown; message: string }> {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { errors } = (await response.json()) as {
      errors: { message: string; extensions: { code: string } }[]
    }
    return { status: response.status, code: errors[0]!.extensions.code, message: errors[0]!.message }
  }

  test.each([
    ['a page', '{ mediaItems(first: 1) { edges { node { id } } } }'],
    [
      'a search',
      '{ mediaItems(first: 1, filter: { search: "meadow" }) { totalCount edges { node { id } } } }',
    ],
    ['posts', '{ posts(first: 1) { edges { node { id } } } }'],
    ['a post', '{ post(id: "p-1") { id } }'],
  ])('learns that %s took too long, and what to narrow', async (_name, query) => {
    await start({ statementMs: 300 })
    await db.transaction(async (sql) => {
      await sql.query('LOCK TABLE post_media, posts IN ACCESS EXCLUSIVE MODE')
      const { status, code, message } = await errorOf(query)
      expect({ status, code }).toEqual({ status: 200, code: 'QUERY_TOO_SLOW' })
      expect(message).toMatch(/Ask for less/)
    })
  })

  test('of a standby learns that it takes no changes', async () => {
    await db.query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`,
    )
    await start({})
    const answer = await errorOf(
      'mutation { createToken(input: { name: "a", scopes: [read] }) { __typename } }',
    )
    expect(answer).toMatchObject({ status: 503, code: 'DATABASE_READ_ONLY' })
  })

  test('that waits for a lock learns that another change is under way', async () => {
    await start({ lockMs: 300 })
    await db.transaction(async (sql) => {
      await sql.query('LOCK TABLE post_media, posts IN ACCESS EXCLUSIVE MODE')
      const answer = await errorOf('{ mediaItems(first: 1) { edges { node { id } } } }')
      expect(answer).toMatchObject({ status: 503, code: 'CONFLICTING_CHANGE' })
    })
  })
})
