import { join } from 'node:path'
import type { Config } from '@mediakeep/config'
import { migrateDatabase } from '@mediakeep/db'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase, openPool, type Pool } from '@mediakeep/postgres'
import type { Logger } from 'pino'

export interface OpenedDatabase {
  readonly pool: Pool
  /** Past any pooler: for LISTEN and session locks. */
  readonly directUrl: string
  /** Where an embedded server keeps its data; undefined for a database given by DATABASE_URL. */
  readonly embeddedFolder: string | undefined
  close(): Promise<void>
}

/** The URL of the configured database; without one, an embedded server is started (or joined) first. */
async function findServer(
  config: Config,
): Promise<{ url: string; folder?: string; close: () => Promise<void> }> {
  if (config.databaseUrl) return { url: config.databaseUrl, close: () => Promise.resolve() }
  const server = await openEmbeddedPostgres(join(config.home, 'postgres'))
  return {
    url: await createDatabase(server.url, 'mediakeep'),
    folder: server.folder,
    close: () => server.close(),
  }
}

/** Opens the configured database, brought to the newest version of our schema first. */
export async function openDatabase(config: Config, log: Logger): Promise<OpenedDatabase> {
  const server = await findServer(config)
  const directUrl = config.directDatabaseUrl ?? server.url
  try {
    await migrateDatabase(directUrl, { log: (line) => log.info(line) })
    const pool = openPool(server.url, {
      max: 20,
      onIdleError: (error) => log.warn({ err: error }, 'an idle database connection was lost'),
    })
    return {
      pool,
      directUrl,
      embeddedFolder: server.folder,
      close: async () => {
        await pool.close()
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
