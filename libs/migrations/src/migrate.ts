import type { Sql } from '@mediakeep/sql'
import { findAdoptions, type AdoptionPlan, type AdoptionRule } from './adopt.ts'
import { withMigrationLock, withSession, type Session, type SessionSettings } from './connection.ts'
import { NewerSchemaError, PartlyAppliedError } from './errors.ts'
import {
  createHistory,
  fillChecksums,
  otherVersion,
  readHistory,
  recordAdopted,
  type HistoryEntry,
  type HistoryTable,
} from './history.ts'
import { findInvalidIndexes, rebuildInvalidIndexes } from './invalid-indexes.ts'
import { findTarget, readMigrations, type Migration } from './migration-files.ts'
import { checkTarget, heed, refusal, type Finding, type PreflightChecks } from './preflight.ts'
import { run, type RunOptions } from './run.ts'

export interface MigrationOptions extends HistoryTable, SessionSettings {
  /** A direct connection: the lock belongs to a session, which poolers in transaction mode do not preserve. */
  readonly url: string
  /** Contains `<14 digits>_<name>.sql` files, each with an optional `.down.sql`. */
  readonly folder: string
  /** Migrations that another tool may have applied. */
  readonly adopt?: readonly AdoptionRule[]
  readonly log?: (line: string) => void
  /** Version, name or title of the last migration to apply; default: all. */
  readonly to?: string
  /** Milliseconds that a statement waits for a table lock before it gives up and is retried; default 500. */
  readonly lockTimeoutMs?: number
  /** Maximum attempts for a migration that is blocked by a lock, up to 3 s apart; default 100. */
  readonly attempts?: number
  /** Milliseconds to wait for another migrator; default 10 minutes. */
  readonly waitMs?: number
  /** Report what would be done, without doing it. */
  readonly dryRun?: boolean
  /** Finds blocking problems. Runs before anything is changed, if migrations are pending. */
  readonly preflight?: PreflightChecks
  /** Fixes rows that the pending migrations would reject. Must be safe to repeat. */
  readonly prepare?: (sql: Sql, pending: readonly Migration[], log: (line: string) => void) => Promise<void>
}

export interface MigrationReport {
  /** Migrations that another tool applied, now recorded. */
  readonly adopted: readonly string[]
  /** Missing objects of migrations that another tool applied in part. */
  readonly completed: readonly string[]
  /** Indexes that an interrupted migrator left half-built. */
  readonly rebuilt: readonly string[]
  readonly applied: readonly string[]
}

/**
 * Brings a database up to date with a folder of migrations. Only one migrator runs at a time: a second one waits,
 * then finds nothing to do.
 * @throws InvalidMigrationError, PartlyAppliedError, MigrationFailedError, MigrationLockError, NewerSchemaError
 */
export async function migrate(options: MigrationOptions): Promise<MigrationReport> {
  const migrations = await readMigrations(options.folder)
  return withSession(
    options.url,
    (session) =>
      options.dryRun
        ? plan(session, migrations, options)
        : withMigrationLock(session, lockOf(options), () => perform(session, migrations, options)),
    options.log,
    options,
  )
}

/** Finds everything that blocks the migrations or that the operator should know first. Changes nothing. */
export async function preflight(options: MigrationOptions): Promise<readonly Finding[]> {
  const migrations = await readMigrations(options.folder)
  return withSession(
    options.url,
    async ({ sql }) => (await examine(sql, migrations, options)).findings,
    options.log,
    options,
  )
}

interface Examination extends AdoptionPlan {
  readonly before: readonly HistoryEntry[]
  readonly findings: readonly Finding[]
  /** Migrations that are neither recorded nor found to be applied. */
  readonly unrecorded: readonly Migration[]
}

/** Reads everything that decides whether and how to migrate, before anything is changed. */
async function examine(
  sql: Sql,
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<Examination> {
  const nothing = { before: [], adoptions: [], completed: [], unrecorded: [] }
  const target = await checkTarget(sql, options)
  const isReadable = !target.some(({ problem }) => problem.includes("another program's table"))
  const before = isReadable ? await readHistory(sql, options) : []
  const pending = migrations.filter(({ name }) => !before.some((entry) => entry.name === name))
  refuseNewer(migrations, before)
  if (pending.length === 0) return { ...nothing, before, findings: [] }
  const findings = [...target, ...((await options.preflight?.(sql, pending)) ?? [])]
  const isRefused = findings.some(({ severity }) => severity === 'refusal')
  let plan: AdoptionPlan
  try {
    plan = await findAdoptions(sql, migrations, options.adopt ?? [], before)
  } catch (error) {
    if (!(error instanceof PartlyAppliedError) || !isRefused) throw error
    findings.push(refusal(error.message, 'Both are needed before anything can be migrated'))
    return { ...nothing, before, findings }
  }
  const { adoptions, completed } = plan
  const unrecorded = pending.filter(({ name }) => !adoptions.some(({ migration }) => migration === name))
  return { before, findings, adoptions, completed, unrecorded }
}

async function perform(
  { client, sql }: Session,
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<MigrationReport> {
  const log = options.log ?? ignore
  const { before, findings, adoptions, completed, unrecorded } = await examine(sql, migrations, options)
  heed(findings, log)
  await createHistory(sql, options)
  await fillChecksums(sql, options, migrations)
  warnOfEdits(migrations, before, log)
  for (const { migration, reason } of adoptions) {
    await recordAdopted(
      sql,
      options,
      migrations.find(({ name }) => name === migration)!,
      reason,
    )
    log(`adopted ${migration}: ${reason}`)
  }
  for (const object of completed) log(`missing, to be completed: ${object}`)
  if (unrecorded.length > 0) await options.prepare?.(sql, unrecorded, log)
  const rebuilt = new Set<string>()
  const pending = await pendingNames(sql, migrations, options)
  const applied = await run(client, migrations, runOptions(options, { count: pending.length }), async () => {
    const recorded = new Set((await readHistory(sql, options)).map(({ name }) => name))
    for (const index of await rebuildInvalidIndexes(sql, migrations, recorded)) {
      log(`found the half-built index ${index}; it is built again`)
      rebuilt.add(index)
    }
  })
  const adopted = adoptions.map(({ migration }) => migration)
  return { adopted, completed, rebuilt: [...rebuilt], applied }
}

async function plan(
  { sql }: Session,
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<MigrationReport> {
  const { before, findings, adoptions, completed } = await examine(sql, migrations, options)
  heed(findings, options.log ?? ignore)
  warnOfEdits(migrations, before, options.log ?? ignore)
  const adopted = adoptions.map(({ migration }) => migration)
  const pending = await pendingNames(sql, migrations, options)
  return {
    adopted,
    completed,
    rebuilt: (await findInvalidIndexes(sql, migrations)).map(({ name }) => name),
    applied: pending.filter((name) => !adopted.includes(name)),
  }
}

/** Running older code against a newer schema is untested. A renamed file does not count as newer. */
function refuseNewer(migrations: readonly Migration[], history: readonly HistoryEntry[]): void {
  const newest = migrations.at(-1)?.name ?? ''
  const own = migrations.map(({ name }) => ({ name, appliedAt: new Date(), checksum: null, note: null }))
  const newer = history.filter(({ name }) => name > newest && otherVersion(own, name) === undefined)
  if (newer.length > 0) throw new NewerSchemaError(newer.map(({ name }) => name))
}

function warnOfEdits(
  migrations: readonly Migration[],
  history: readonly HistoryEntry[],
  log: (line: string) => void,
): void {
  for (const { name, checksum } of history) {
    const file = migrations.find((migration) => migration.name === name)
    if (file && checksum !== null && checksum !== file.checksum) {
      log(`${name}.sql was edited after it was applied; the edit is not in the database`)
    }
  }
}

async function pendingNames(
  sql: Session['sql'],
  migrations: readonly Migration[],
  options: MigrationOptions,
): Promise<string[]> {
  const target = options.to === undefined ? undefined : findTarget(migrations, options.to)
  const applied = new Set((await readHistory(sql, options)).map(({ name }) => name))
  return migrations
    .map(({ name }) => name)
    .filter((name) => !applied.has(name) && (target === undefined || name <= target))
}

export function lockOf(options: MigrationOptions): Parameters<typeof withMigrationLock>[1] {
  const name = `${options.historySchema}.${options.historyTable}`
  return { name, waitMs: options.waitMs ?? 600_000, log: options.log ?? ignore }
}

export function runOptions(
  options: MigrationOptions,
  which: { readonly count: number } | { readonly only: string },
): RunOptions {
  const { folder, historySchema, historyTable, lockTimeoutMs = 500, attempts = 100, log = ignore } = options
  const direction = 'only' in which ? 'down' : 'up'
  return { folder, historySchema, historyTable, direction, lockTimeoutMs, attempts, log, ...which }
}

const ignore = (): void => {}
