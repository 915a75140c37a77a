import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidMigrationError } from './errors.ts'
import { splitStatements } from './split-statements.ts'

/** SQL in one direction. */
export interface Script {
  /** False if the file begins with `-- no-transaction`: its statements then run one by one. */
  readonly transactional: boolean
  readonly sql: string
  readonly statements: readonly string[]
}

export interface Migration {
  /** `20251201123623_add_media_tracking_columns`: the file name without `.sql`. */
  readonly name: string
  /** 14 digits. */
  readonly version: string
  /** The part after the version: `add_media_tracking_columns`. */
  readonly title: string
  /** SHA-256 of the file, independent of its line endings. */
  readonly checksum: string
  readonly up: Script
  readonly down: Script | undefined
}

const NAME = /^(\d{14})_(\w+)$/

/** Splits `20251201123623_add_columns` into version and title; undefined if it is not a migration's name. */
export function parseName(name: string): { version: string; title: string } | undefined {
  const [, version, title] = NAME.exec(name) ?? []
  return version && title ? { version, title } : undefined
}

/** Returns the full name for a version, name or title. @throws InvalidMigrationError */
export function findTarget(migrations: readonly Migration[], target: string): string {
  const wanted = target.replace(/\.sql$/, '')
  const found = migrations.find(({ name, version, title }) => [name, version, title].includes(wanted))
  if (!found) throw new InvalidMigrationError(`${wanted}.sql`, 'there is no such migration')
  return found.name
}

/**
 * Reads a folder of `<14 digits>_<name>.sql` files, each with an optional `.down.sql`, in order of version.
 * @throws InvalidMigrationError for a file that could never run as intended
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const scripts = new Map<string, Script>()
  for (const file of files) {
    const name = file.replace(/(\.down)?\.sql$/, '')
    if (!parseName(name)) {
      throw new InvalidMigrationError(
        file,
        'the name must be <14 digits>_<name>.sql or <14 digits>_<name>.down.sql',
      )
    }
    if (!files.includes(`${name}.sql`))
      throw new InvalidMigrationError(file, `there is no ${name}.sql to undo`)
    scripts.set(file, readScript(file, await readFile(join(folder, file), 'utf8')))
  }
  const names = files.filter((file) => !file.endsWith('.down.sql')).map((file) => file.replace(/\.sql$/, ''))
  refuseEqualVersions(names)
  return names.map((name) => ({
    name,
    ...parseName(name)!,
    checksum: checksumOf(scripts.get(`${name}.sql`)!.sql),
    up: scripts.get(`${name}.sql`)!,
    down: scripts.get(`${name}.down.sql`),
  }))
}

/** On some machines Git changes line endings; that does not count as an edit. */
function checksumOf(sql: string): string {
  return createHash('sha256')
    .update(sql.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))
    .digest('hex')
}

function readScript(file: string, sql: string): Script {
  const transactional = !/^\uFEFF?--\s*no-transaction\b/.test(sql)
  const statements = splitStatements(sql.replace(/^\uFEFF/, ''))
  for (const statement of transactional ? statements : []) {
    if (/^(begin|commit|rollback|start\s+transaction)(\s+(work|transaction))?$/i.test(statement)) {
      throw new InvalidMigrationError(file, `${statement}: the file is one transaction already`)
    }
    if (/^(create|drop)\s+(unique\s+)?index\s+concurrently\b/i.test(statement)) {
      throw new InvalidMigrationError(file, 'CONCURRENTLY needs "-- no-transaction" as the first line')
    }
  }
  return { transactional, sql, statements }
}

function refuseEqualVersions(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    const next = names[index + 1]
    if (next && parseName(next)?.version === parseName(name)?.version) {
      throw new InvalidMigrationError(`${next}.sql`, `${name}.sql has the same version`)
    }
  }
}
