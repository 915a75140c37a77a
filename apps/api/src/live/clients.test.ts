import { ApolloClient, ApolloLink, gql as parse, HttpLink, InMemoryCache, Observable } from '@apollo/client'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { createClient as createUrql, fetchExchange, gql, subscriptionExchange } from '@urql/core'
import { print } from 'graphql'
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'
import { change, CHANGED, mediaId } from './streams.fixture.ts'

interface Changed {
  readonly mediaStatusChanged: { readonly cursor: string; readonly mediaId: string; readonly status: string }
}

let db: TestDatabase
let api: TestApi
let url: string

beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 3)
  api = await startTestApi(db, { live: { heartbeatMs: 100 } })
  url = `${api.url}/graphql`
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

/** Changes media once a client is connected, and checks what the client receives. */
async function expectSeen(seen: Changed[]): Promise<void> {
  // A client receives nothing until it is connected.
  await expect
    .poll(
      async () =>
        (await fetch(`${api.url}/metrics`).then((answer) => answer.text())).match(/live_clients (\d+)/)?.[1],
    )
    .toBe('1')
  await change(db, 'gone', mediaId(1), mediaId(2))
  await expect.poll(() => seen).toHaveLength(2)
  // Let some heartbeats pass in between.
  await new Promise((resolve) => setTimeout(resolve, 250))
  await change(db, 'failed', mediaId(3))
  await expect.poll(() => seen).toHaveLength(3)
  expect(seen.map(({ mediaStatusChanged: { mediaId: id, status } }) => [id, status])).toEqual([
    [mediaId(1), 'gone'],
    [mediaId(2), 'gone'],
    [mediaId(3), 'failed'],
  ])
}

async function expectNobody(): Promise<void> {
  await expect
    .poll(
      async () =>
        (await fetch(`${api.url}/metrics`).then((answer) => answer.text())).match(/live_clients (\d+)/)?.[1],
    )
    .toBe('0')
}

test('graphql-sse, each subscription on its own connection', async () => {
  const client = createClient({ url })
  const seen: Changed[] = []
  const stop = client.subscribe<Changed>(
    { query: CHANGED },
    { next: ({ data }) => void seen.push(data!), error: () => undefined, complete: () => undefined },
  )
  await expectSeen(seen)
  stop()
  await expectNobody()
})

test('graphql-sse goes on after a server that restarts, with the last cursor as its docs resume: no gap', async () => {
  let server = await startTestApi(db)
  const { port } = new URL(server.url)
  const seen: Changed[] = []
  const retries: unknown[] = []
  const client = createClient({
    url: `${server.url}/graphql`,
    retry: (n) => (retries.push(n), new Promise((resolve) => setTimeout(resolve, 50))),
    retryAttempts: 100,
  })
  const variables: { after?: string } = {}
  const over = Promise.withResolvers<undefined>()
  const run = async (): Promise<void> => {
    for await (const { data } of client.iterate<Changed>({ query: CHANGED, variables })) {
      seen.push(data!)
      variables.after = data!.mediaStatusChanged.cursor
      if (seen.length === 2) break
    }
    over.resolve(undefined)
  }
  const running = run()
  await new Promise((resolve) => setTimeout(resolve, 300))
  await change(db, 'gone', mediaId(5))
  await expect.poll(() => seen).toHaveLength(1)
  await server.close()
  await change(db, 'gone', mediaId(6))
  server = await startTestApi(db, { port: Number(port) })
  await running
  await over.promise
  expect(seen.map(({ mediaStatusChanged }) => mediaStatusChanged.mediaId)).toEqual([mediaId(5), mediaId(6)])
  expect(retries.length).toBeGreaterThan(0)
  await server.close()
})

test('urql with graphql-sse, as its docs give it', async () => {
  const sse = createClient({ url })
  const client = createUrql({
    url,
    preferGetMethod: false,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => ({
            unsubscribe: sse.subscribe(
              { query: operation.query ?? '', variables: operation.variables as Record<string, unknown> },
              sink as Parameters<typeof sse.subscribe>[1],
            ),
          }),
        }),
      }),
    ],
  })
  const seen: Changed[] = []
  const { unsubscribe } = client.subscription<Changed>(gql(CHANGED), {}).subscribe(({ data }) => {
    if (data) seen.push(data)
  })
  await expectSeen(seen)
  unsubscribe()
  await expectNobody()
})

test('urql with its own fetch of subscriptions', async () => {
  const client = createUrql({
    url,
    preferGetMethod: false,
    fetchSubscriptions: true,
    exchanges: [fetchExchange],
  })
  const seen: Changed[] = []
  const { unsubscribe } = client.subscription<Changed>(gql(CHANGED), {}).subscribe(({ data }) => {
    if (data) seen.push(data)
  })
  await expectSeen(seen)
  unsubscribe()
  await expectNobody()
})

test('Apollo with a link over graphql-sse, as its docs give it', async () => {
  const sse = createClient({ url })
  const link = new ApolloLink(
    (operation) =>
      new Observable((sink) =>
        sse.subscribe(
          { query: print(operation.query), variables: operation.variables },
          {
            next: (result) => sink.next(result as ApolloLink.Result),
            error: (error) => sink.error(error),
            complete: () => sink.complete(),
          },
        ),
      ),
  )
  await expectApollo(link)
})

test('Apollo with its own HttpLink, over multipart', async () => {
  await expectApollo(new HttpLink({ uri: url }))
})

async function expectApollo(link: ApolloLink): Promise<void> {
  const client = new ApolloClient({ cache: new InMemoryCache(), link })
  const seen: Changed[] = []
  const subscription = client.subscribe<Changed>({ query: parse(CHANGED) }).subscribe(({ data }) => {
    if (data) seen.push(data)
  })
  await expectSeen(seen)
  subscription.unsubscribe()
  await expectNobody()
}

test('an EventSource: GET, and the cursor as the id of each event', async () => {
  const search = new URLSearchParams({ query: 'subscription { mediaStatusChanged { mediaId } }' })
  const controller = new AbortController()
  const { signal } = controller
  const answer = await fetch(`${url}?${search.toString()}`, {
    headers: { accept: 'text/event-stream' },
    signal,
  })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  await reader.read()
  await change(db, 'gone', mediaId(7))
  let text = ''
  while (!text.includes('data:')) text += (await reader.read()).value ?? ''
  expect(text).toMatch(
    /event: next\nid: [\da-f]{8}-\d+\ndata: {"data":{"mediaStatusChanged":{"mediaId":"med-00000007"}}}\n\n/,
  )
  controller.abort()
  await expectNobody()
})

test('who names no media type gets a stream; who takes none is told so', async () => {
  const changed = 'subscription { mediaStatusChanged { mediaId } }'
  const ask = (accept: string, query = changed, signal?: AbortSignal): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
      signal: signal ?? null,
    })
  for (const accept of ['*/*', 'application/json, text/*;q=0.5']) {
    const controller = new AbortController()
    const answer = await ask(accept, changed, controller.signal)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ])
    controller.abort()
    await expectNobody()
  }
  const refused = await ask('application/graphql-response+json, application/json')
  expect(refused.status).toBe(406)
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_ACCEPTABLE' } }] })
  // A document that does not parse is not treated as a subscription.
  const broken = await ask('*/*', changed.slice(0, -1))
  expect(await broken.text()).toContain('Syntax Error')
})
