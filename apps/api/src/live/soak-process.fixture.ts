import { tmpdir } from 'node:os'
import { openPrisma } from '@mediakeep/db'
import { listen, openPool } from '@mediakeep/postgres'
import { noIsolation } from '@mediakeep/sandbox'
import { startApi } from '../start-api.ts'

// A server in its own process: `soak-process.fixture.ts DATABASE_URL`. Sends its URL; on request, its memory in bytes.
const databaseUrl = process.argv[2]!
const db = openPool(databaseUrl)
const unused = (): never => {
  throw new Error('not a part of these tests')
}
const api = await startApi({
  db,
  prisma: openPrisma(db.pg),
  openMedia: unused,
  actions: {
    requeueDownloads: unused,
    retryInspections: unused,
    verifyMedia: unused,
    queueArchive: unused,
    restoreMedia: unused,
    rejectContent: unused,
    unrejectContent: unused,
    createImportRun: unused,
    completeAnalyses: unused,
  } as never,
  readStats: unused,
  readiness: {},
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  isProduction: true,
  host: '127.0.0.1',
  port: 0,
  publicUrl: undefined,
  signingSecret: 'only for these tests, on loopback',
  importFolder: undefined,
  uploadFolder: tmpdir(),
  isolation: noIsolation,
  thumbnailStore: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
  live: {
    listen: (channel, onSignal) => listen({ url: databaseUrl, channel, onSignal }),
    stallMs: 3_600_000,
  },
})
process.send!(api.url)
process.on('message', () => {
  globalThis.gc?.()
  process.send!(process.memoryUsage().rss)
})
process.on('disconnect', () => process.exit())
