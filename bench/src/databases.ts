import { join } from 'node:path'
import { migrateDatabase } from '@mediakeep/db'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase, maintenanceSession, openPool, type Pool } from '@mediakeep/postgres'
import { withScratch } from './scratch.ts'

export interface BenchDatabase extends Pool {
  readonly url: string
}

/** Databases of one server with PostgreSQL's default durability: a commit is on the disk. */
export interface Databases {
  /** Creates a migrated, empty database; drops an existing one of that name first. */
  fresh(name: string): Promise<BenchDatabase>
  /** A folder that exists as long as the server. */
  readonly folder: string
}

/** Long timeout: one statement generates millions of rows. */
const BENCH = maintenanceSession('mediakeep-bench', 3_600_000)
const TEMPLATE = 'migrated'

/** Runs `work` with its own embedded PostgreSQL. */
export async function withDatabases<Result>(
  work: (databases: Databases) => Promise<Result>,
): Promise<Result> {
  return await withScratch(async (folder) => {
    const server = await openEmbeddedPostgres(join(folder, 'postgres'))
    const maintenance = openPool(server.url, { max: 1, session: BENCH })
    const open = new Map<string, BenchDatabase>()
    try {
      await migrateDatabase(await createDatabase(server.url, TEMPLATE))
      return await work({
        folder,
        async fresh(name) {
          await open.get(name)?.close()
          const database = await clone(maintenance, server.url, name)
          open.set(name, database)
          return database
        },
      })
    } finally {
      await Promise.all([...open.values(), maintenance].map((pool) => pool.close()))
      await server.close()
    }
  })
}

async function clone(maintenance: Pool, serverUrl: string, name: string): Promise<BenchDatabase> {
  await maintenance.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await maintenance.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`)
  // Writes left over from the previous run must not slow this one down.
  await maintenance.query('CHECKPOINT')
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { ...openPool(url.href, { session: BENCH }), url: url.href }
}
