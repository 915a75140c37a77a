import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import { startApi, type Actions, type Api } from '@mediakeep/api'
import { migrationStatus, openPrisma } from '@mediakeep/db'
import { rejectContent, requeueDownloads } from '@mediakeep/download'
import { createImportRun } from '@mediakeep/import'
import { openMedia, pipelineStats, queueArchive, restoreMedia, verifyMedia } from '@mediakeep/pipeline'
import { sharedSetting } from '@mediakeep/runtime'
import type { StageParts } from '@mediakeep/worker'
import { UsageError } from './command.ts'
import type { Session } from './session.ts'

/** Starts the server over the opened parts of the pipeline. */
export async function startServer(session: Session, parts: StageParts): Promise<Api> {
  const { config, log } = session
  const { db, cache, archive } = parts
  assertLoopback(config.server.host)
  const { pool, directUrl } = await session.database()
  const prisma = openPrisma(pool.pg)
  const secret = () => randomBytes(32).toString('hex')
  return startApi({
    db,
    prisma,
    openMedia: (mediaId) => openMedia({ db, cache, archive }, mediaId),
    actions: actions(parts),
    readStats: () => pipelineStats(db),
    readiness: {
      database: () => db.query('SELECT 1'),
      migrations: () => assertMigrated(directUrl),
      cache: () => cache.createTemporary().then((file) => file.discard()),
      archive: () => archive.ping(),
    },
    log,
    isProduction: config.isProduction,
    host: config.server.host,
    port: config.server.port,
    publicUrl: config.server.publicUrl,
    signingSecret: config.server.signingSecret ?? (await sharedSetting(db, 'signing_secret', secret)),
    importFolder: config.importFolder,
    uploadFolder: config.uploadFolder,
    thumbnailStore: cache.derived,
  })
}

function actions({ db, cache, archive, config }: StageParts): Actions {
  const keeping = { db, cache, archive }
  return {
    requeueDownloads: (selection) => requeueDownloads(db, selection),
    verifyMedia: (mediaIds, depth) => verifyMedia(keeping, mediaIds, { depth }),
    queueArchive: (mediaIds) => queueArchive(db, mediaIds),
    restoreMedia: (mediaIds) => restoreMedia(keeping, mediaIds),
    rejectContent: (media) => rejectContent(db, media),
    createImportRun: (files) =>
      createImportRun(db, { files, machine: config.machine, source: 'GraphQL importPosts' }),
  }
}

/** Until there are access tokens, whoever reaches the server may do everything. */
function assertLoopback(host: string): void {
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))) return
  throw new UsageError(
    `HOST=${host} is refused: the server has no access control yet and serves loopback only. ` +
      'Put an authenticating proxy in front of it, and set PUBLIC_URL to the address it is reached at.',
  )
}

async function assertMigrated(url: string): Promise<void> {
  const pending = (await migrationStatus(url)).filter(({ appliedAt }) => appliedAt === undefined)
  if (pending.length > 0) throw new Error(`not applied: ${pending.map(({ name }) => name).join(', ')}`)
}
