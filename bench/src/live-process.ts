import { setMaxListeners } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import type { AddressInfo } from 'node:net'
import { startApi } from '@mediakeep/api'
import { openPrisma } from '@mediakeep/db'
import { listen, openPool } from '@mediakeep/postgres'
import { noIsolation } from '@mediakeep/sandbox'
import { createPubSub, createSchema, createYoga } from 'graphql-yoga'

// Runs one of the servers in its own process: `live-process.ts api|yoga|http DATABASE_URL`. Sends its URL; after a
// message with a number of events, makes them and sends the start time; after a 0, sends its memory in bytes.
const [kind, databaseUrl] = process.argv.slice(2)
type Burst = (events: number) => Promise<void> | void

const servers: Record<string, () => Promise<{ url: string; burst: Burst }>> = {
  api: serveApi,
  yoga: serveYoga,
  http: serveHttp,
}
const { url, burst } = await servers[kind!]!()
process.on('message', (events: number) => void answer(events))
process.send!(url)

async function answer(events: number): Promise<void> {
  if (events === 0) {
    globalThis.gc?.()
    process.send!(process.memoryUsage().rss)
    return
  }
  const began = Date.now()
  await burst(events)
  process.send!(began)
}

async function serveApi(): Promise<{ url: string; burst: Burst }> {
  const db = openPool(databaseUrl!)
  const unused = (): never => {
    throw new Error('not a part of this bench')
  }
  const api = await startApi({
    db,
    prisma: openPrisma(db.pg),
    openMedia: unused,
    actions: {} as never,
    readStats: unused,
    readiness: {},
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    isProduction: true,
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    signingSecret: 'only for this bench, on loopback',
    importFolder: undefined,
    uploadFolder: tmpdir(),
    isolation: noIsolation,
    thumbnailStore: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
    live: { listen: (channel, onSignal) => listen({ url: databaseUrl!, channel, onSignal }) },
  })
  return {
    url: `${api.url}/graphql`,
    // Each in its own commit, as a settled batch is.
    async burst(events) {
      for (let n = 0; n < events; n++)
        await db.query(
          `INSERT INTO mediakeep.events (kind, changes) VALUES ('media', jsonb_build_array(jsonb_build_object('mediaId',
             'med-0000000000000001', 'postId', 'p-1', 'what', 'fate', 'from', 'waiting', 'to', $1::text)))`,
          [`s${n}`],
        )
    },
  }
}

/** The same result from memory: no database, no lasting cursor, and events are lost while a client is away. */
async function serveYoga(): Promise<{ url: string; burst: Burst }> {
  setMaxListeners(0)
  const channel = createPubSub<{ changed: [object] }>()
  const typeDefs = `type Change { cursor: String! mediaId: ID! what: String! previousStatus: String status: String! }
    type Query { a: Int } type Subscription { mediaStatusChanged: Change! }`
  const resolvers = {
    Subscription: {
      mediaStatusChanged: {
        subscribe: () => channel.subscribe('changed'),
        resolve: (change: object) => change,
      },
    },
  }
  const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }), logging: false })
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- Yoga's own way to be served
  const server = createServer(yoga)
  return {
    url: `${await listening(server)}/graphql`,
    async burst(events) {
      for (let n = 0; n < events; n++) {
        channel.publish('changed', changeOf(n))
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

/** The minimum work: a write for each client and event. */
async function serveHttp(): Promise<{ url: string; burst: Burst }> {
  const clients = new Set<ServerResponse>()
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
    clients.add(response)
  })
  return {
    url: await listening(server),
    async burst(events) {
      for (let n = 0; n < events; n++) {
        const frame = Buffer.from(
          `event: next\ndata: ${JSON.stringify({ data: { mediaStatusChanged: changeOf(n) } })}\n\n`,
        )
        for (const client of clients) client.write(frame)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

function changeOf(n: number): object {
  const change = { cursor: String(n + 1), mediaId: 'med-0000000000000001', what: 'fate' }
  return { ...change, previousStatus: 'waiting', status: `s${n}` }
}

async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
