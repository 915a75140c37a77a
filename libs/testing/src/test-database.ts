import { randomBytes } from 'node:crypto'
import { openPool, type Pool } from '@mediakeep/postgres'
import { inject } from 'vitest'

/** A test file's own database, on the run's server. */
export interface TestDatabase extends Pool {
  readonly url: string
  readonly name: string
  /** Closes the pool and drops the database. */
  drop(): Promise<void>
}

/** Clones a template, or creates an empty database. Needs `@mediakeep/testing/global-setup`. */
export async function createTestDatabase(template: string = 'migrated'): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const source = template === 'empty' ? 'template0' : `template_${template}`
  await maintain(server, `CREATE DATABASE ${name} TEMPLATE ${source}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const pool = openPool(url.href)
  return {
    ...pool,
    url: url.href,
    name,
    async drop() {
      await pool.close()
      await maintain(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

/** Closes the database, and keeps it as a template that later tests of the run can clone. */
export async function keepAsTemplate(database: TestDatabase, template: string): Promise<void> {
  await database.close()
  await maintain(inject('postgresUrl'), `ALTER DATABASE ${database.name} RENAME TO template_${template}`)
}

/** Makes a template unless this run has it. Test files that ask for it meanwhile wait. */
export async function makeTemplateOnce(template: string, make: () => Promise<void>): Promise<void> {
  const pool = openPool(inject('postgresUrl'), { max: 1 })
  const client = await pool.pg.connect()
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template])
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [`template_${template}`])
    if (found.rowCount === 0) await make()
  } finally {
    client.release()
    await pool.close()
  }
}

async function maintain(url: string, statement: string): Promise<void> {
  const pool = openPool(url, { max: 1 })
  try {
    // With two concurrent clones of one template, the second finds it in use and retries.
    for (let attempt = 0; ; attempt++) {
      try {
        await pool.query(statement)
        return
      } catch (error) {
        if ((error as { code?: string }).code !== '55006' || attempt === 100) throw error
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  } finally {
    await pool.close()
  }
}
