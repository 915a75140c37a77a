import type { Sql } from '@mediakeep/sql'
import { withSession, type SessionSettings } from './connection.ts'
import { readHistory, supabaseVersions, type HistoryEntry, type HistoryTable } from './history.ts'
import { parseName, readMigrations, type Migration } from './migration-files.ts'

export interface MigrationStatus {
  readonly name: string
  /** `unknown`: recorded in the database, but no file exists for it. */
  readonly state: 'applied' | 'pending' | 'unknown'
  readonly appliedAt: Date | undefined
  /** True if the file differs from the one that was applied. */
  readonly edited: boolean
  /** The newer migration that was applied before this one. */
  readonly appliedAfter: string | undefined
  /** Reason why it counts as applied although it did not run. */
  readonly note: string | undefined
  /** Checksum of the current file; undefined if there is none. */
  readonly checksum: string | undefined
  /** Other versions under which a migration with this title is recorded, here or in Supabase's history. */
  readonly otherVersions: readonly string[]
}

export interface StatusOptions extends HistoryTable, SessionSettings {
  readonly url: string
  readonly folder: string
}

/** Compares the folder with the database's history, in order of version. */
export async function status(options: StatusOptions): Promise<MigrationStatus[]> {
  const migrations = await readMigrations(options.folder)
  return withSession(options.url, ({ sql }) => readStatus(sql, migrations, options), undefined, options)
}

/** Same as `status`, over an existing connection; read-only. */
export async function readStatus(
  sql: Sql,
  migrations: readonly Migration[],
  table: HistoryTable,
): Promise<MigrationStatus[]> {
  const history = await readHistory(sql, table)
  const inSupabase = await supabaseVersions(sql)
  const names = new Set([...migrations, ...history].map(({ name }) => name))
  return [...names].sort().map((name) => {
    const entry = history.find((candidate) => candidate.name === name)
    const file = migrations.find((candidate) => candidate.name === name)
    return describe(name, file, entry, history, inSupabase(name))
  })
}

function describe(
  name: string,
  file: Migration | undefined,
  entry: HistoryEntry | undefined,
  history: readonly HistoryEntry[],
  inSupabase: readonly string[],
): MigrationStatus {
  const { version, title } = parseName(name) ?? { version: '', title: name }
  const recorded = history
    .flatMap((other) => parseName(other.name) ?? [])
    .filter((other) => other.title === title)
    .map((other) => other.version)
  const earlier = entry ? history.slice(0, history.indexOf(entry)) : []
  return {
    name,
    state: !entry ? 'pending' : file ? 'applied' : 'unknown',
    appliedAt: entry?.appliedAt,
    edited: file !== undefined && (entry?.checksum ?? file.checksum) !== file.checksum,
    appliedAfter: earlier.find((other) => other.name > name)?.name,
    note: entry?.note ?? undefined,
    checksum: file?.checksum,
    otherVersions: [...new Set([...recorded, ...inSupabase])].filter((other) => other !== version),
  }
}
