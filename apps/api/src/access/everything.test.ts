import { readFile } from 'node:fs/promises'
import { SCOPES, type Scope } from '@mediakeep/access'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { schema } from '../graphql/schema.ts'
import { scopesOf } from './operation-scopes.ts'
import { reachableTypes, walkSchema, type WalkedOperation } from './schema-walk.fixture.ts'
import { INVALID, makeTokens } from './tokens.fixture.ts'

const operations = walkSchema(schema)

let db: TestDatabase
let api: TestApi
/** Statements sent to the database, except those for tokens. */
const sent: string[] = []
let bearer: Awaited<ReturnType<typeof makeTokens>>

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 3)
  bearer = await makeTokens(db)
  const query = db.pg.query.bind(db.pg) as (...given: unknown[]) => unknown
  Object.assign(db.pg, {
    query: (...given: unknown[]) => {
      const text = typeof given[0] === 'string' ? given[0] : (given[0] as { text: string }).text
      // Ignore token lookups and the tail's polling of the event log, which do not depend on the request.
      if (!/mediakeep\.(api_tokens|event_log|events)|pg_locks/.test(text)) sent.push(text)
      return query(...given)
    },
  })
  api = await startTestApi(db, { publicUrl: 'https://media.example' })
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

interface Answer {
  readonly status: number
  readonly challenge: string | null
  readonly body: {
    readonly data?: unknown
    readonly errors?: { readonly extensions?: { readonly code?: string } }[]
  }
}

async function run(
  operation: WalkedOperation,
  headers: Record<string, string>,
  operationName?: string,
): Promise<Answer> {
  const isLive = operation.kind === 'subscription'
  const gone = new AbortController()
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: isLive ? 'text/event-stream' : 'application/json',
      ...headers,
    },
    body: JSON.stringify({ query: operation.text, operationName }),
    signal: gone.signal,
  })
  const challenge = response.headers.get('www-authenticate')
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (!isStream || !response.ok)
    return { status: response.status, challenge, body: (await response.json()) as Answer['body'] }
  gone.abort()
  return { status: response.status, challenge, body: {} }
}

const codesOf = ({ body }: Answer): (string | undefined)[] => [
  ...new Set((body.errors ?? []).map((error) => error.extensions?.code)),
]

/** Checks that a request was refused, without any data or effect. */
function expectNothing(answer: Answer, status: number, code: string): void {
  // A viewer who fails too often is rate-limited instead, which reveals as little.
  const isLimited = status === 401 && answer.status === 429
  expect([answer.status, codesOf(answer)]).toEqual(isLimited ? [429, ['RATE_LIMITED']] : [status, [code]])
  expect(Object.keys(answer.body)).toEqual(['errors'])
  expect(sent).toEqual([])
}

function isEnough(held: Scope, { text }: WalkedOperation): boolean {
  const needed = scopesOf(schema, parse(text), undefined)
  return held === 'admin' || needed.every(({ anyOf }) => anyOf.includes(held))
}

test('the walk reaches every field of every object type', () => {
  const fields = Object.values(schema.getTypeMap())
    .filter((type) => 'getInterfaces' in type && 'isTypeOf' in type && !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.keys((type as never as { getFields(): object }).getFields()).map(
        (name) => `${type.name}.${name}`,
      ),
    )
  expect(operations.map(({ name }) => name).sort()).toEqual(fields.sort())
})

test('docs/access.md says of every field of a root type who may ask for it', async () => {
  const docs = await readFile(`${import.meta.dirname}/../../../../docs/access.md`, 'utf8')
  const rows = [...docs.matchAll(/^\| `([\w, `]+)` +\| ([^|]+) \|$/gm)]
  const said = rows.flatMap(([, scopes, fields]) =>
    [...fields!.matchAll(/`(\w+)`/g)].map(([, field]) => [field, scopes!.replaceAll('`', '').split(', ')]),
  )
  const declared = operations
    .filter(({ name, rootField }) => name === rootField)
    .map(({ name, text }) => [
      name.split('.')[1],
      scopesOf(schema, parse(text), undefined).find(({ field }) => field === name)!.anyOf,
    ])
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(declared))
})

test.each(['import', 'analyze', 'operate'] as const)(
  '%s does not lead from what it is given to posts and groups',
  (scope) => {
    const reached = reachableTypes(schema, scope)
    for (const type of ['Post', 'EngagementSnapshot', 'DuplicateGroup', 'ApiToken', 'Node'])
      expect(reached).not.toContain(type)
  },
)

test('of two operations in one document, what is kept of one does not serve the other', async () => {
  const query = 'query Open { mediaStats { mediaCount } } query Closed { apiTokens { nodes { name } } }'
  const ask = (operationName: string): Promise<Answer> =>
    run({ name: '', rootField: '', kind: 'query', text: query }, bearer('read'), operationName)
  for (let round = 0; round < 6; round++) {
    expect((await ask('Open')).status).toBe(200)
    sent.length = 0
    expectNothing(await ask('Closed'), 403, 'FORBIDDEN')
  }
})

describe.each(operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (_name, operation) => {
    test('with the right scope it is not refused, and with any other there is nothing to be had', async () => {
      const enough = SCOPES.filter((scope) => isEnough(scope, operation))
      expect(enough).toContain('admin')
      // Repeat until everything cacheable of the operation is cached: caches must not serve the next viewer.
      const rounds = operation.kind === 'query' && operation.name === operation.rootField ? 6 : 1
      for (const scope of enough)
        for (let round = 0; round < rounds; round++) {
          const answer = await run(operation, bearer(scope))
          expect([401, 403, 429]).not.toContain(answer.status)
          expect(codesOf(answer)).not.toContain('FORBIDDEN')
        }
      for (const scope of SCOPES.filter((held) => !enough.includes(held))) {
        sent.length = 0
        const answer = await run(operation, bearer(scope))
        expectNothing(answer, 403, 'FORBIDDEN')
        expect(answer.challenge).toContain('insufficient_scope')
      }
    })

    test('without a token, with a bad one, from another origin: nothing', async () => {
      sent.length = 0
      expectNothing(await run(operation, {}), 401, 'UNAUTHENTICATED')
      for (const name of INVALID) {
        const answer = await run(operation, bearer(name))
        expectNothing(answer, 401, 'UNAUTHENTICATED')
      }
      for (const from of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
      ])
        expectNothing(await run(operation, { ...bearer('admin'), ...from }), 403, 'FORBIDDEN')
    })
  },
)
