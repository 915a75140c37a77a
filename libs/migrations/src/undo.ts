import type { Sql } from '@mediakeep/sql'
import { withMigrationLock, withSession } from './connection.ts'
import { InvalidMigrationError, MigrationStaysError } from './errors.ts'
import { readHistory, type HistoryEntry } from './history.ts'
import { lockOf, runOptions, type MigrationOptions } from './migrate.ts'
import { findTarget, readMigrations, type Migration } from './migration-files.ts'
import { run } from './run.ts'

/** A migration that must not be undone. */
export interface StayRule {
  /** Its full name. */
  readonly migration: string
  readonly reason: string
  /** SQL that returns one boolean: true if the migration must stay. Without it, the migration always stays. */
  readonly when?: string
}

export interface UndoOptions extends Omit<MigrationOptions, 'adopt' | 'to'> {
  readonly stays?: readonly StayRule[]
  /** Version, name or title of the migration that becomes the newest; default: undo only `count`. */
  readonly to?: string
  /** Number of migrations to undo, newest first, if `to` is not given; default 1. */
  readonly count?: number
}

/**
 * Undoes migrations, newest first. Checks that every one of them may be undone before undoing any.
 * @returns their names
 * @throws MigrationStaysError, InvalidMigrationError, MigrationFailedError, MigrationLockError
 */
export async function undo(options: UndoOptions): Promise<readonly string[]> {
  const migrations = await readMigrations(options.folder)
  return withSession(
    options.url,
    ({ client, sql }) =>
      withMigrationLock({ client, sql }, lockOf(options), async () => {
        const chosen = choose(await readHistory(sql, options), migrations, options)
        for (const entry of chosen) await refuseWhatStays(sql, entry, migrations, options.stays ?? [])
        const names = chosen.map(({ name }) => name)
        if (options.dryRun) return names
        for (const name of names) await run(client, migrations, runOptions(options, { only: name }))
        return names
      }),
    options.log,
    options,
  )
}

/** Orders by version, not by when they ran: a migration that was applied late is undone in version order. */
function choose(
  history: readonly HistoryEntry[],
  migrations: readonly Migration[],
  { to, count = 1 }: UndoOptions,
): HistoryEntry[] {
  const newestFirst = history.toSorted((one, other) => (one.name < other.name ? 1 : -1))
  if (to === undefined) return newestFirst.slice(0, count)
  const target = findTarget(migrations, to)
  if (!history.some(({ name }) => name === target)) {
    throw new InvalidMigrationError(`${target}.sql`, 'it is not applied, so nothing can be undone down to it')
  }
  return newestFirst.filter(({ name }) => name > target)
}

async function refuseWhatStays(
  sql: Sql,
  { name, note }: HistoryEntry,
  migrations: readonly Migration[],
  rules: readonly StayRule[],
): Promise<void> {
  for (const { migration, reason, when } of rules) {
    if (migration === name && (when === undefined || (await holds(sql, when)))) {
      throw new MigrationStaysError(name, reason)
    }
  }
  if (note?.startsWith('adopted')) {
    throw new MigrationStaysError(name, `others applied it, and what it made is theirs (${note})`)
  }
  const migration = migrations.find((candidate) => candidate.name === name)
  if (!migration) throw new MigrationStaysError(name, 'this code has no file of it')
  if (!migration.down) throw new MigrationStaysError(name, `there is no ${name}.down.sql`)
}

async function holds(sql: Sql, question: string): Promise<boolean> {
  const { rows } = await sql.query(question)
  return Object.values(rows[0] ?? {})[0] === true
}
