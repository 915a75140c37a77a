import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi
let admin: string

beforeAll(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db)
  admin = (await create({ name: 'admin', scopes: ['admin'] })).secret!
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

interface Created {
  readonly __typename: string
  readonly secret?: string
  readonly token?: { readonly id: string }
}

async function ask<Data>(
  query: string,
  variables: object,
  secret: string | undefined = admin,
): Promise<Data> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(secret && { authorization: `Bearer ${secret}` }) },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
  expect(errors).toBe(undefined)
  return data
}

async function create(input: object): Promise<Created> {
  const { createToken } = await ask<{ createToken: Created }>(
    `mutation ($input: CreateTokenInput!) { createToken(input: $input) { __typename
       ... on CreateTokenPayload { secret token { id name scopes createdBy expiresAt revokedAt } } ... on Error { code } } }`,
    { input },
  )
  return createToken
}

test('a token is made, whose secret works at once, and says by whom', async () => {
  const made = await create({ name: 'reader', scopes: ['read'], expiresAt: '2099-01-01' })
  expect(made).toMatchObject({
    secret: expect.stringMatching(/^mk_/) as string,
    token: { name: 'reader', scopes: ['read'], createdBy: 'admin', expiresAt: '2099-01-01T00:00:00.000Z' },
  })
  expect(await ask('{ mediaStats { mediaCount } }', {}, made.secret)).toEqual({
    mediaStats: { mediaCount: 3 },
  })
  expect(JSON.stringify(api.logged)).not.toContain(made.secret!.slice(3))
  expect(api.logged.map(({ details }) => details)).toContainEqual({
    credential: { id: expect.stringMatching(/^tok-/) as string, name: 'admin' },
    fields: ['Mutation.createToken'],
  })
})

test('a token of a name that lives, without scopes, or that has expired already, is not made', async () => {
  const before = (await db.query('SELECT FROM mediakeep.api_tokens')).rowCount
  expect(await create({ name: 'admin', scopes: ['read'] })).toEqual({
    __typename: 'TokenNameTakenError',
    code: 'token_name_taken',
  })
  for (const wrong of [{ scopes: [] }, { name: ' ' }, { expiresAt: '2020-01-01' }])
    expect(await create({ name: 'new', scopes: ['read'], ...wrong })).toMatchObject({
      __typename: 'InvalidInputError',
    })
  expect((await db.query('SELECT FROM mediakeep.api_tokens')).rowCount).toBe(before)
})

test('tokens are listed, the latest first, and revoked', async () => {
  const { token } = await create({ name: 'short-lived', scopes: ['import', 'read'] })
  const revoke = (id: string): Promise<unknown> =>
    ask(
      `mutation ($id: ID!) { revokeToken(input: { id: $id }) { __typename
         ... on RevokeTokenPayload { token { name revokedAt } } ... on Error { code } } }`,
      { id },
    )
  expect(await revoke(token!.id)).toEqual({
    revokeToken: {
      __typename: 'RevokeTokenPayload',
      token: { name: 'short-lived', revokedAt: expect.any(String) as string },
    },
  })
  expect(await revoke('tok-nothing')).toEqual({
    revokeToken: { __typename: 'TokenNotFoundError', code: 'token_not_found' },
  })
  const { apiTokens } = await ask<{ apiTokens: { totalCount: number; nodes: { name: string }[] } }>(
    '{ apiTokens(first: 2) { totalCount nodes { name scopes revokedAt lastUsedAt } } }',
    {},
  )
  expect([apiTokens.totalCount, apiTokens.nodes[0]!.name]).toEqual([3, 'short-lived'])
})

test('no id tells whoever may read which tokens there are', async () => {
  const { token } = await create({ name: 'hidden', scopes: ['read'] })
  const { errors } = (await (
    await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ query: `{ node(id: "${token!.id}") { id } }` }),
    })
  ).json()) as { errors: { message: string }[] }
  expect(errors[0]!.message).toContain('is not an id of this server')
})
