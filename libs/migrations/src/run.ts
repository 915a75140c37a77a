import { basename } from 'node:path'
import { runner } from 'node-pg-migrate'
import type pg from 'pg'
import { MigrationFailedError } from './errors.ts'
import { CHECKSUM_SETTING, type HistoryTable } from './history.ts'
import { withLockRetries, type LockRetries } from './lock-retries.ts'
import type { Migration, Script } from './migration-files.ts'

export interface RunOptions extends HistoryTable, LockRetries {
  readonly folder: string
  readonly direction: 'up' | 'down'
  /** For `up`: number of migrations; default all. */
  readonly count?: number
  /** For `down`: the migration to undo. */
  readonly only?: string
}

/** Building an index concurrently does not block other sessions while it waits for old transactions to end. */
const CONCURRENT_LOCK_TIMEOUT_MS = 600_000

/**
 * Runs unrecorded migrations (or undoes recorded ones) through node-pg-migrate: each file in its own transaction
 * together with its history row, or statement by statement if the file says so.
 * @returns the names, in the order they ran
 * @throws MigrationFailedError
 */
export async function run(
  client: pg.Client,
  migrations: readonly Migration[],
  options: RunOptions,
  beforeAttempt: () => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const done: string[] = []
  await withLockRetries(options, async () => {
    let current: string | undefined
    try {
      await beforeAttempt()
      await runOnce(client, migrations, options, (name) => {
        if (current) done.push(current)
        current = name
      })
      if (current) done.push(current)
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw current ? new MigrationFailedError(current, error) : error
    }
  })
  return done
}

function runOnce(
  client: pg.Client,
  migrations: readonly Migration[],
  options: RunOptions,
  onStart: (name: string) => void,
): Promise<unknown> {
  return runner({
    dbClient: client,
    dir: options.folder,
    // Ignores files that do not look like our migrations; `readMigrations` has already rejected near misses.
    ignorePattern: String.raw`(?!\d{14}_\w+\.sql$).*`,
    direction: options.direction,
    ...(options.count === undefined ? {} : { count: options.count }),
    ...(options.only === undefined ? {} : { file: options.only }),
    migrationsSchema: options.historySchema,
    migrationsTable: options.historyTable,
    noLock: true,
    // Branches merge in any order: an older file that arrives late is applied late.
    checkOrder: false,
    singleTransaction: false,
    logger: { info: ignore, warn: ignore, error: ignore, debug: ignore },
    migrationLoaderStrategies: [{ extensions: ['.sql'], loader: loaderOf(migrations, options, onStart) }],
  })
}

type RunnerOptions = Parameters<typeof runner>[0]
type MigrationLoader = Exclude<
  NonNullable<RunnerOptions['migrationLoaderStrategies']>[number]['loader'],
  string
>
type MigrationUnit = Awaited<ReturnType<MigrationLoader>>[number]

/** Makes the runner use the migrations that we have already read, for the files that it finds in the folder. */
function loaderOf(
  migrations: readonly Migration[],
  { direction, lockTimeoutMs, log }: RunOptions,
  onStart: (name: string) => void,
): MigrationLoader {
  const unitOf = (path: string): MigrationUnit => {
    const { name, checksum, up, down } = migrations.find(
      (migration) => `${migration.name}.sql` === basename(path),
    )!
    const action =
      (script: Script) =>
      (pgm: Builder): void => {
        onStart(name)
        log(`${direction === 'up' ? 'applying' : 'undoing'} ${name}`)
        addSteps(pgm, script, { lockTimeoutMs, checksum })
      }
    return { id: path, filePaths: [path], actions: { up: action(up), down: down ? action(down) : false } }
  }
  return (paths) => Promise.resolve(paths.map(unitOf))
}

interface Builder {
  noTransaction(): unknown
  sql(sql: string): void
}

interface StepOptions {
  readonly lockTimeoutMs: number
  readonly checksum: string
}

function addSteps(pgm: Builder, script: Script, { lockTimeoutMs, checksum }: StepOptions): void {
  const { transactional } = script
  // The runner inserts the history row itself; that row's checksum column defaults to this setting.
  pgm.sql(`SELECT set_config('${CHECKSUM_SETTING}', '${checksum}', ${transactional})`)
  if (transactional) {
    pgm.sql(`SET LOCAL lock_timeout = ${lockTimeoutMs}`)
    pgm.sql(script.sql)
    return
  }
  pgm.noTransaction()
  for (const statement of script.statements) {
    const isConcurrent = /^(create|drop|reindex)\b.*\bconcurrently\b/is.test(statement)
    pgm.sql(`SET lock_timeout = ${isConcurrent ? CONCURRENT_LOCK_TIMEOUT_MS : lockTimeoutMs}`)
    pgm.sql(statement)
  }
}

const ignore = (): void => {}
