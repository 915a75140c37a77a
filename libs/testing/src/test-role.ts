import { randomBytes } from 'node:crypto'
import { openPool, type Pool } from '@mediakeep/postgres'
import type { TestDatabase } from './test-database.ts'

/** A role that connects to one test database. */
export interface TestRole extends Pool {
  readonly url: string
  /** Safe to use in SQL without quotes. */
  readonly name: string
  /** Closes the pool and drops the role with its grants. Call it before dropping the database. */
  drop(): Promise<void>
}

/** @param attributes for CREATE ROLE: `BYPASSRLS`, `CREATEROLE`, … */
export async function createTestRole(database: TestDatabase, attributes = ''): Promise<TestRole> {
  const name = `role_${randomBytes(6).toString('hex')}`
  await database.query(`CREATE ROLE ${name} LOGIN PASSWORD 'x' ${attributes}`)
  const url = new URL(database.url)
  url.username = name
  url.password = 'x'
  const pool = openPool(url.href, { max: 3 })
  return {
    ...pool,
    url: url.href,
    name,
    async drop() {
      await pool.close()
      await database.query(`REASSIGN OWNED BY ${name} TO CURRENT_USER`)
      await database.query(`DROP OWNED BY ${name}`)
      await database.query(`DROP ROLE ${name}`)
    },
  }
}
