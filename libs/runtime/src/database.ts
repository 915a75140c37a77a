import { resolve } from 'node:path'
import type { Config } from '@mediakeep/config'
import { migrateDatabase, migrationStatus } from '@mediakeep/db'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { apiSession, createDatabase, openPool, workerSession, type Pool } from '@mediakeep/postgres'
import type { Logger } from 'pino'

export interface OpenedDatabase {
  /** For stages and commands. */
  readonly pool: Pool
  /** For requests, so that neither they nor the stages wait for the other's connections. */
  readonly apiPool: Pool
  /** Past any pooler: for LISTEN and session locks. */
  readonly directUrl: string
  /** Where an embedded server keeps its data; undefined for a database given by DATABASE_URL. */
  readonly embeddedFolder: string | undefined
  close(): Promise<void>
}

/** The URL of the configured database; without one, an embedded server is started (or joined) first. */
async function findServer(
  config: Config,
  log: Logger,
): Promise<{ url: string; folder?: string; close: () => Promise<void> }> {
  if (config.databaseUrl) return { url: config.databaseUrl, close: () => Promise.resolve() }
  const wanted = resolve(config.home, 'postgres')
  const server = await openEmbeddedPostgres(wanted, {
    onRestart: (error) =>
      error
        ? log.error({ err: error }, 'the embedded PostgreSQL died and does not start; trying again')
        : log.warn('the embedded PostgreSQL died and was started again'),
  })
  if (server.folder !== wanted)
    log.warn(
      { folder: server.folder, wanted },
      'the database is kept in another folder, because the user that runs PostgreSQL cannot enter MEDIAKEEP_HOME; include it in backups',
    )
  return {
    url: await createDatabase(server.url, 'mediakeep'),
    folder: server.folder,
    close: () => server.close(),
  }
}

export interface OpenDatabaseOptions {
  /** For commands that only read, as a role without other rights, or on a standby. */
  readonly isReadOnly?: boolean
}

/** Opens the configured database, brought to the newest version of our schema first. */
export async function openDatabase(
  config: Config,
  log: Logger,
  { isReadOnly = false }: OpenDatabaseOptions = {},
): Promise<OpenedDatabase> {
  const server = await findServer(config, log)
  const directUrl = config.directDatabaseUrl ?? server.url
  try {
    if (!isReadOnly || (server.folder !== undefined && (await isOutdated(directUrl))))
      await migrateDatabase(directUrl, { log: (line) => log.info(line) })
    const onIdleError = (error: Error): void =>
      log.warn({ err: error }, 'an idle database connection was lost')
    const pool = openPool(server.url, { session: workerSession, max: 20, onIdleError })
    const apiPool = openPool(server.url, { session: apiSession, max: 10, onIdleError })
    return {
      pool,
      apiPool,
      directUrl,
      embeddedFolder: server.folder,
      close: async () => {
        await Promise.all([pool.close(), apiPool.close()])
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Whether migrations are missing: an embedded database may be new. One of somebody else is migrated when it is served. */
async function isOutdated(url: string): Promise<boolean> {
  return (await migrationStatus(url)).some(({ appliedAt }) => appliedAt === undefined)
}
