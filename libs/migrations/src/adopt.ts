import type pg from 'pg'
import { MigrationFailedError, PartlyAppliedError } from './errors.ts'
import {
  otherVersion,
  recordApplied,
  supabaseVersions,
  type HistoryEntry,
  type HistoryTable,
} from './history.ts'
import { withLockRetries, type LockRetries } from './lock-retries.ts'
import { parseName, type Migration } from './migration-files.ts'

/** An object that a migration makes, and how to see whether somebody made it already. */
export interface AdoptedObject {
  /** What it is, for people: `column post_media.md5_sum`. */
  readonly object: string
  /** SQL that returns one boolean. */
  readonly isPresent: string
  /** SQL that makes it, where only some objects of its migration are missing. */
  readonly create?: string
}

/**
 * A migration that others may have applied without our history: all objects there, and it is recorded; some
 * there, and the others are made; none there, and it runs like any other.
 */
export interface AdoptionRule {
  /** The migration's full name. */
  readonly migration: string
  readonly objects: readonly AdoptedObject[]
}

export interface Adoption {
  readonly migration: string
  /** Why it counts as applied, for people. */
  readonly reason: string
  readonly missing: readonly AdoptedObject[]
}

/** Finds what of the unrecorded migrations is there already. @throws PartlyAppliedError */
export async function findAdoptions(
  client: pg.Client,
  migrations: readonly Migration[],
  rules: readonly AdoptionRule[],
  history: readonly HistoryEntry[],
): Promise<Adoption[]> {
  const adoptions = renamed(migrations, history)
  for (const { migration, objects } of rules) {
    if (history.some((entry) => entry.name === migration)) continue
    if (adoptions.some((adoption) => adoption.migration === migration)) continue
    const missing: AdoptedObject[] = []
    for (const object of objects) if (!(await isPresent(client, object))) missing.push(object)
    if (missing.length === objects.length) continue
    if (missing.some((object) => object.create === undefined)) {
      const present = objects.filter((object) => !missing.includes(object))
      throw new PartlyAppliedError(migration, names(present), names(missing))
    }
    adoptions.push({ migration, missing, reason: await reasonFor(client, migration) })
  }
  return adoptions
}

/** Recorded under another version that no file bears: the file was renamed since. */
function renamed(migrations: readonly Migration[], history: readonly HistoryEntry[]): Adoption[] {
  return migrations.flatMap(({ name }) => {
    if (history.some((entry) => entry.name === name)) return []
    const other = otherVersion(history, name)
    if (!other || migrations.some((migration) => migration.name === other)) return []
    const reason = `recorded as ${other}, the same migration under another version`
    return [{ migration: name, missing: [], reason }]
  })
}

/** Makes what is missing and records the migration, in one transaction. */
export async function adopt(
  client: pg.Client,
  table: HistoryTable,
  adoption: Adoption,
  retries: LockRetries,
): Promise<void> {
  await withLockRetries(retries, async () => {
    try {
      await client.query('BEGIN')
      await client.query(`SET LOCAL lock_timeout = ${retries.lockTimeoutMs}`)
      for (const { create } of adoption.missing) await client.query(create!)
      await recordApplied(client, table, adoption.migration)
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw new MigrationFailedError(adoption.migration, error)
    }
  })
}

async function isPresent(client: pg.Client, object: AdoptedObject): Promise<boolean> {
  const { rows } = await client.query<unknown[]>({ text: object.isPresent, rowMode: 'array' })
  return rows[0]?.[0] === true
}

async function reasonFor(client: pg.Client, name: string): Promise<string> {
  const { version, title } = parseName(name)!
  const versions = await supabaseVersions(client, title)
  if (versions.length === 0) return 'its objects are there'
  const other = versions.find((candidate) => candidate !== version)
  return other
    ? `Supabase's history has it as ${other}, the same migration under another version`
    : "Supabase's history has it"
}

const names = (objects: readonly AdoptedObject[]): string[] => objects.map(({ object }) => object)
