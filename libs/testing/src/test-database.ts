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

/** Clones the migrated template, or creates an empty database. Needs `@mediakeep/testing/global-setup`. */
export async function createTestDatabase(kind: 'migrated' | 'empty' = 'migrated'): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const template = kind === 'migrated' ? 'template_migrated' : 'template0'
  await maintain(server, `CREATE DATABASE ${name} TEMPLATE ${template}`)
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
