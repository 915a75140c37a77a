import { randomBytes } from 'node:crypto'
import {
  type Actions,
  type Api,
  ManifestError,
  type PersistedOperations,
  readPersistedOperations,
  startApi,
  UnguardedServerError,
} from '@mediakeep/api'
import type { Config } from '@mediakeep/config'
import { migrationStatus, openPrisma, rowVisibility, schemaReadiness } from '@mediakeep/db'
import { createImportRun } from '@mediakeep/import'
import { openJwtAuthenticator } from '@mediakeep/jwt'
import {
  queueArchive,
  rejectContent,
  requeueDownloads,
  retryInspections,
  unrejectContent,
} from '@mediakeep/media'
import {
  assertNoAlarm,
  assertQuarantineHasRoom,
  openMedia,
  pipelineStats,
  restoreMedia,
  verifyMedia,
} from '@mediakeep/pipeline'
import { listen } from '@mediakeep/postgres'
import { sharedSetting } from '@mediakeep/runtime'
import type { Sql } from '@mediakeep/sql'
import { type StageParts, StageProgress } from '@mediakeep/worker'
import { UsageError } from './command.ts'
import { consoleFiles } from './console-files.ts'
import { diskSpace } from './disk-space.ts'
import type { Session } from './session.ts'

/** Starts the server with the opened parts of the pipeline. */
export async function startServer(
  session: Session,
  parts: StageParts,
  progress = new StageProgress(),
): Promise<Api> {
  const { config, log } = session
  const { cache, archive } = parts
  const { apiPool: db, directUrl } = await session.database()
  const prisma = openPrisma(db.pg)
  const { identityProvider, allowedOrigins, requestsPerMinute } = config.access
  const secret = () => randomBytes(32).toString('hex')
  return startApi({
    db,
    prisma,
    openMedia: (mediaId) => openMedia({ db, cache, archive }, mediaId),
    actions: actions(parts),
    readStats: () => pipelineStats(db),
    readiness: {
      database: () => db.query('SELECT 1'),
      migrations: () => assertMigrated(db),
      schema: schemaReadiness(db),
      rows: () => rowVisibility(db),
      disk: () => diskSpace(cache.root, progress.failure('download')),
      quarantine: () => assertQuarantineHasRoom(db, cache, config.cache.quarantine.maxBytes),
      decoders: async () => (await session.isolation()).rung,
      stages: async () => Promise.resolve(progress.assertWorking() || 'none in this process'),
      cache: () => cache.createTemporary().then((file) => file.discard()),
      archive: () => archive.ping().then(() => assertNoAlarm(db)),
    },
    log,
    isProduction: config.isProduction,
    host: config.server.host,
    port: config.server.port,
    publicUrl: config.server.publicUrl,
    signingSecret: config.server.signingSecret ?? (await sharedSetting(db, 'signing_secret', secret)),
    identityProvider: identityProvider && openJwtAuthenticator(identityProvider),
    allowedOrigins,
    requestsPerMinute,
    persisted: await readPersisted(config),
    live: {
      listen: (channel, onSignal) =>
        listen({
          url: directUrl,
          channel,
          onSignal,
          onError: (error) => log.warn({ err: error }, 'the listening connection was lost'),
        }),
    },
    consoleFolder: consoleFiles.folder,
    analysisLeaseSeconds: config.analysis.leaseSeconds,
    importFolder: config.importFolder,
    uploadFolder: config.uploadFolder,
    thumbnailStore: cache.derived,
    isolation: await session.isolation(),
  }).catch((error: unknown) => {
    throw error instanceof UnguardedServerError ? new UsageError(error.message) : error
  })
}

/** Every server allows the console's operations, and those of the operator's manifest. */
async function readPersisted({ access }: Config): Promise<PersistedOperations> {
  const { file, only = false } = access.persistedOperations ?? {}
  const files = [consoleFiles.operations, ...(file === undefined ? [] : [file])]
  const manifests = await Promise.all(files.map((path) => readPersistedOperations(path))).catch(
    (error: unknown) => {
      throw error instanceof ManifestError ? new UsageError(error.message) : error
    },
  )
  return { documents: new Map(manifests.flatMap((documents) => [...documents])), only }
}

function actions({ db, cache, archive, config }: StageParts): Actions {
  const keeping = { db, cache, archive }
  return {
    requeueDownloads: (selection) => requeueDownloads(db, selection),
    retryInspections: (mediaIds) => retryInspections(db, mediaIds),
    verifyMedia: (mediaIds, depth) => verifyMedia(keeping, mediaIds, { depth }),
    queueArchive: (mediaIds) => queueArchive(db, mediaIds),
    restoreMedia: (mediaIds) => restoreMedia(keeping, mediaIds),
    rejectContent: (media, by) => rejectContent(db, media, by),
    unrejectContent: (media, by) => unrejectContent(db, media, by),
    createImportRun: (files, by) =>
      createImportRun(db, { files, machine: config.machine, source: `GraphQL importPosts by ${by}` }),
  }
}

async function assertMigrated(sql: Sql): Promise<void> {
  const pending = (await migrationStatus(sql)).filter(({ appliedAt }) => appliedAt === undefined)
  if (pending.length > 0) throw new Error(`not applied: ${pending.map(({ name }) => name).join(', ')}`)
}
