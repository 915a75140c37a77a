import type pg from 'pg'
import { adopt, findAdoptions, type AdoptionRule } from './adopt.ts'
import { withMigrationLock, withSession } from './connection.ts'
import { InvalidMigrationError } from './errors.ts'
import { createHistory, readHistory, type HistoryTable } from './history.ts'
import { findInvalidIndexes, rebuildInvalidIndexes } from './invalid-indexes.ts'
import { readMigrations, type Migration } from './migration-files.ts'
import { run } from './run.ts'

export interface MigrationOptions extends HistoryTable {
  /** A direct connection: the lock belongs to a session, which poolers in transaction mode do not keep. */
  readonly url: string
  /** Holds `<14 digits>_<name>.sql`, and perhaps `.down.sql` beside. */
  readonly folder: string
  /** Migrations that somebody else may have applied. */
  readonly adopt?: readonly AdoptionRule[]
  readonly log?: (line: string) => void
  /** Milliseconds that a statement waits for a lock on a table before it gives way and is tried again; 2,000. */
  readonly lockTimeoutMs?: number
  /** How often a migration that met a lock is tried; 30. */
  readonly attempts?: number
  /** Milliseconds to wait for another migrator; 10 minutes. */
  readonly waitMs?: number
  /** Say what would be done, and do nothing. */
  readonly dryRun?: boolean
}

export interface MigrationReport {
  /** Migrations found applied by somebody else, now recorded. */
  readonly adopted: readonly string[]
  /** Objects of adopted migrations that were missing and have been made. */
  readonly completed: readonly string[]
  /** Indexes that an interrupted migrator left half-built. */
  readonly rebuilt: readonly string[]
  readonly applied: readonly string[]
}

/**
 * Brings a database up to date with a folder of migrations. One migrator at a time: a second waits, then finds
 * nothing to do.
 * @throws InvalidMigrationError, PartlyAppliedError, MigrationFailedError, MigrationLockError
 */
export async function migrate(options: MigrationOptions): Promise<MigrationReport> {
  const migrations = await readMigrations(options.folder)
  return withSession(options.url, (client) =>
    options.dryRun
      ? plan(client, migrations, options)
      : withMigrationLock(client, lockOf(options), () => perform(client, migrations, options)),
  )
}

async function perform(
  client: pg.Client,
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<MigrationReport> {
  const log = options.log ?? ignore
  await createHistory(client, options)
  const adoptions = await findAdoptions(
    client,
    migrations,
    options.adopt ?? [],
    await readHistory(client, options),
  )
  for (const adoption of adoptions) {
    for (const { object } of adoption.missing) log(`completing ${adoption.migration}: ${object}`)
    await adopt(client, options, adoption, runOptions(options, 'up'))
    log(`adopted ${adoption.migration}: ${adoption.reason}`)
  }
  const rebuilt = new Set<string>()
  const applied = await run(client, migrations, runOptions(options, 'up'), async () => {
    const recorded = await appliedNames(client, options)
    for (const index of await rebuildInvalidIndexes(client, migrations, recorded)) {
      log(`dropped the half-built index ${index}; it is built again`)
      rebuilt.add(index)
    }
  })
  return {
    adopted: adoptions.map(({ migration }) => migration),
    completed: adoptions.flatMap(({ missing }) => missing.map(({ object }) => object)),
    rebuilt: [...rebuilt],
    applied,
  }
}

async function plan(
  client: pg.Client,
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<MigrationReport> {
  const adoptions = await findAdoptions(
    client,
    migrations,
    options.adopt ?? [],
    await readHistory(client, options),
  )
  const adopted = adoptions.map(({ migration }) => migration)
  const applied = await appliedNames(client, options)
  const pending = migrations.map(({ name }) => name).filter((name) => !applied.has(name))
  return {
    adopted,
    completed: adoptions.flatMap(({ missing }) => missing.map(({ object }) => object)),
    rebuilt: (await findInvalidIndexes(client, migrations)).map(({ name }) => name),
    applied: pending.filter((name) => !adopted.includes(name)),
  }
}

/**
 * Undoes the last `count` migrations, newest first.
 * @returns their names
 * @throws InvalidMigrationError when one of them has no `.down.sql`; nothing is undone then
 */
export async function down(
  options: MigrationOptions & { readonly count?: number },
): Promise<readonly string[]> {
  const migrations = await readMigrations(options.folder)
  const count = options.count ?? 1
  return withSession(options.url, (client) =>
    withMigrationLock(client, lockOf(options), async () => {
      const history = await readHistory(client, options)
      if (history.length === 0) return []
      for (const { name } of history.slice(-count)) {
        const migration = migrations.find((candidate) => candidate.name === name)
        if (!migration?.down)
          throw new InvalidMigrationError(`${name}.down.sql`, 'is missing: this migration stays')
      }
      return run(client, migrations, { ...runOptions(options, 'down'), count })
    }),
  )
}

async function appliedNames(client: pg.Client, table: HistoryTable): Promise<Set<string>> {
  return new Set((await readHistory(client, table)).map(({ name }) => name))
}

function lockOf(options: MigrationOptions): { name: string; waitMs: number; log: (line: string) => void } {
  const name = `${options.historySchema}.${options.historyTable}`
  return { name, waitMs: options.waitMs ?? 600_000, log: options.log ?? ignore }
}

function runOptions(options: MigrationOptions, direction: 'up' | 'down'): Parameters<typeof run>[2] {
  const { folder, historySchema, historyTable, lockTimeoutMs = 2_000, attempts = 30, log = ignore } = options
  return { folder, historySchema, historyTable, direction, lockTimeoutMs, attempts, log }
}

const ignore = (): void => {}
