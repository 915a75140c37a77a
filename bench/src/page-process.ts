import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import type { AddressInfo } from 'node:net'
import { startApi, type Actions, type Stats } from '@mediakeep/api'
import { openPrisma } from '@mediakeep/db'
import { openPool, type Pool } from '@mediakeep/postgres'
import { noIsolation } from '@mediakeep/sandbox'
import { pageSql } from './page-query.ts'

// Runs one of the two servers in its own process: `page-process.ts api|sql DATABASE_URL`. Sends its URL; after any
// message, sends how many statements were sent since the last time.
const [kind, databaseUrl] = process.argv.slice(2)
const pool = openPool(databaseUrl!)
let statements = 0
pool.pg.on('connect', (client) => {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  Object.assign(client, { query: (...given: unknown[]) => (statements++, query(...given)) })
})
process.on('message', () => {
  process.send!(statements)
  statements = 0
})
process.send!(kind === 'api' ? await serveApi(pool) : await serveSql(pool))

async function serveApi(db: Pool): Promise<string> {
  const unused = (): never => {
    throw new Error('not a part of this bench')
  }
  const quiet = (): void => undefined
  const actions: Actions = {
    requeueDownloads: unused,
    retryInspections: unused,
    verifyMedia: unused,
    queueArchive: unused,
    restoreMedia: unused,
    rejectContent: unused,
    unrejectContent: unused,
    createImportRun: unused,
  }
  const api = await startApi({
    db,
    prisma: openPrisma(db.pg),
    openMedia: unused,
    actions,
    readStats: (): Promise<Stats> => unused(),
    readiness: {},
    log: {
      info: quiet,
      warn: quiet,
      error: (details, text) => process.stderr.write(`${text} ${JSON.stringify(details)}\n`),
    },
    isProduction: true,
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    signingSecret: 'only for this bench, on loopback',
    importFolder: undefined,
    uploadFolder: tmpdir(),
    isolation: noIsolation,
    thumbnailStore: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
  })
  return api.url
}

/** Serves the page and nothing else. */
async function serveSql(db: Pool): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { values } = JSON.parse(body) as { values: unknown[] }
      void db.query(pageSql(values.length === 1), values).then(({ rows }) => {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(rows))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
