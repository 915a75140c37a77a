import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

const MIGRATIONS = join(import.meta.dirname, '../../db/migrations')

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the maintenance database on this run's server, which also has the database `template_migrated`. */
    postgresUrl: string
  }
}

/** Vitest global setup: starts one real PostgreSQL per run, with a migrated template to clone. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-test-'))
  await chmod(folder, 0o755)
  const server = await openEmbeddedPostgres(join(folder, 'postgres'), {
    // A test database does not have to survive a power failure.
    settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'],
  })
  await createTemplate(server.url)
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Matches before a statement at the start of a line; indented statements belong to a DO block. */
const STATEMENT_END = /;\s*?\n(?=\n*(?:--|ALTER |CREATE |COMMENT |DO |DROP |INSERT |UPDATE |REINDEX |$))/

/**
 * Applies the migration files as plain SQL, not with the migrator: tests must not depend on the code they test, and
 * the migrator has its own tests against the same files.
 */
async function createTemplate(url: string): Promise<void> {
  await withClient(url, (client) => client.query('CREATE DATABASE template_migrated'))
  const template = new URL(url)
  template.pathname = '/template_migrated'
  await withClient(template.href, async (client) => {
    const names = (await readdir(MIGRATIONS)).filter((name) => /^\d{14}_\w+\.sql$/.test(name)).sort()
    for (const name of names) {
      const sql = await readFile(join(MIGRATIONS, name), 'utf8')
      const statements = sql.startsWith('-- no-transaction') ? sql.split(STATEMENT_END) : [sql]
      for (const statement of statements) if (statement.trim()) await client.query(statement)
    }
    await recordHistory(client, names)
  })
}

/** Records history as the migrator would, so that a clone can be migrated and verified. */
async function recordHistory(client: pg.Client, names: readonly string[]): Promise<void> {
  await client.query(
    `CREATE TABLE mediakeep.migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL,
       checksum text DEFAULT nullif(current_setting('migrations.checksum', true), ''), note text)`,
  )
  const checksums = names.map(async (name) =>
    createHash('sha256')
      .update(await readFile(join(MIGRATIONS, name)))
      .digest('hex'),
  )
  await client.query(
    `INSERT INTO mediakeep.migrations (name, run_on, checksum)
     SELECT n, now(), c FROM unnest($1::text[], $2::text[]) u (n, c)`,
    [names.map((name) => name.replace(/\.sql$/, '')), await Promise.all(checksums)],
  )
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
