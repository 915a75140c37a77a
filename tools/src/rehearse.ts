import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, readMigrations, undo, type MigrationOptions } from '@mediakeep/migrations'
import { openPool } from '@mediakeep/postgres'
import { verifyUrl } from '@mediakeep/schema-verify'
import { catalogueText } from './catalogue.ts'
import { expectedSchemaOf, type DatabaseProject } from './database-project.ts'
import { withScratchDatabase } from './scratch.ts'

export interface RehearsalOptions {
  /** SQL that inserts rows into the database before the migration. */
  readonly rows?: string
  /** Checks the database after the migration; `rehearseMigration` rejects with the same error. */
  readonly check?: (query: (sql: string) => Promise<readonly object[]>) => Promise<void>
  /** URL of an empty database; default: one on a scratch server. */
  readonly url?: string
}

/** The catalogue as text, after each step. */
export interface Rehearsal {
  readonly before: string
  readonly applied: string
  /** Should equal `before`. */
  readonly reverted: string
  /** Should equal `applied`. */
  readonly again: string
  /** Differences from the contract at the end; checked for the newest migration only. */
  readonly differences: readonly string[]
}

/**
 * Applies a migration on top of the earlier ones, reverts it and applies it again, with data in place. The first
 * migration starts from an empty database.
 */
export function rehearseMigration(
  project: DatabaseProject,
  name: string,
  options: RehearsalOptions = {},
): Promise<Rehearsal> {
  const work = (url: string): Promise<Rehearsal> => rehearse(project, name, url, options)
  return options.url === undefined ? withScratchDatabase(work) : work(options.url)
}

async function rehearse(
  project: DatabaseProject,
  name: string,
  url: string,
  { rows, check }: RehearsalOptions,
): Promise<Rehearsal> {
  const files = await readMigrations(project.migrations.folder)
  const at = files.findIndex((file) => file.name === name)
  if (at < 0) throw new Error(`${project.migrations.folder} has no migration ${name}`)
  const options = { ...project.migrations, url }
  const query = (sql: string): Promise<readonly object[]> => ask(url, sql)
  await migrateTo(files[at - 1]?.name, options)
  if (rows) await query(rows)
  const before = await catalogueText(url, project)
  await migrate({ ...options, to: name })
  const applied = await catalogueText(url, project)
  await check?.(query)
  await undo({ ...options, stays: project.stays ?? [] })
  const reverted = await catalogueText(url, project)
  await migrate({ ...options, to: name })
  const again = await catalogueText(url, project)
  await check?.(query)
  return {
    before,
    applied,
    reverted,
    again,
    differences: at === files.length - 1 ? await differences(project, url) : [],
  }
}

/** Before the first migration, only the history exists, as migrating an empty folder creates it. */
async function migrateTo(name: string | undefined, options: MigrationOptions): Promise<void> {
  if (name !== undefined) {
    await migrate({ ...options, to: name })
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'no-migrations-'))
  try {
    await migrate({ ...options, folder })
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function differences(project: DatabaseProject, url: string): Promise<string[]> {
  const checks = await verifyUrl(url, await expectedSchemaOf(project))
  return checks
    .filter((check) => !check.ok && check.severity === 'error')
    .map(({ object, actual }) => `${object}: ${actual}`)
}

async function ask(url: string, sql: string): Promise<readonly object[]> {
  const pool = openPool(url, { max: 1 })
  try {
    return (await pool.query(sql)).rows
  } finally {
    await pool.close()
  }
}
