import { resolve } from 'node:path'
import type { Config } from '@mediakeep/config'
import { migrateDatabase, migrationStatus } from '@mediakeep/db'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { apiSession, createDatabase, openPool, workerSession, type Pool } from '@mediakeep/postgres'
import type { Logger } from 'pino'

export interface OpenedDatabase {
  /** For stages and commands. */
  readonly pool: Pool
  /** For requests, so that requests and stages never wait for each other's connections. */
  readonly apiPool: Pool
  /** Bypasses any pooler; for LISTEN and session locks. */
  readonly directUrl: string
  /** An embedded server's data folder; undefined for a database given by DATABASE_URL. */
  readonly embeddedFolder: string | undefined
  close(): Promise<void>
}

/** Returns the configured database's URL; without one, starts (or joins) an embedded server first. */
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
  /** For read-only commands, possibly as a role without other rights, or on a standby. */
  readonly isReadOnly?: boolean
}

/** Opens the configured database, after migrating it to our newest schema version. */
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

/** True if migrations are missing, as in a new embedded database. Read-only commands never migrate an external one. */
async function isOutdated(url: string): Promise<boolean> {
  return (await migrationStatus(url)).some(({ appliedAt }) => appliedAt === undefined)
}
