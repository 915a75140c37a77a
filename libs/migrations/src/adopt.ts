import type { Sql } from '@mediakeep/sql'
import { PartlyAppliedError } from './errors.ts'
import { otherVersion, supabaseVersions, type HistoryEntry } from './history.ts'
import { parseName, type Migration } from './migration-files.ts'

/** An object that a migration creates, and how to check whether it already exists. */
export interface AdoptedObject {
  /** Human-readable description: `column post_media.md5_sum`. */
  readonly object: string
  /** SQL that returns one boolean. */
  readonly isPresent: string
}

/**
 * A migration that another tool may have applied without our history. If all its objects exist, it is recorded as
 * applied; if none exist, it runs normally.
 */
export interface AdoptionRule {
  /** The migration's full name. */
  readonly migration: string
  readonly objects: readonly AdoptedObject[]
  /** True if the migration creates only missing objects; it then runs when only some of them exist. */
  readonly completes?: boolean
}

interface Adoption {
  readonly migration: string
  /** Human-readable reason why it counts as applied. */
  readonly reason: string
}

export interface AdoptionPlan {
  readonly adoptions: readonly Adoption[]
  /** Missing objects of partly applied migrations; their files will create them. */
  readonly completed: readonly string[]
}

/** Finds the unrecorded migrations that are already applied. @throws PartlyAppliedError */
export async function findAdoptions(
  sql: Sql,
  migrations: readonly Migration[],
  rules: readonly AdoptionRule[],
  history: readonly HistoryEntry[],
): Promise<AdoptionPlan> {
  const adoptions = renamed(migrations, history)
  const completed: string[] = []
  const isSettled = (name: string): boolean =>
    history.some((entry) => entry.name === name) || adoptions.some(({ migration }) => migration === name)
  for (const { migration, objects, completes = false } of rules) {
    if (isSettled(migration) || !migrations.some(({ name }) => name === migration)) continue
    const missing: AdoptedObject[] = []
    for (const object of objects) if (!(await isPresent(sql, object))) missing.push(object)
    if (missing.length === objects.length) continue
    if (missing.length === 0) adoptions.push({ migration, reason: await reasonFor(sql, migration) })
    else if (completes) completed.push(...names(missing))
    else {
      const present = objects.filter((object) => !missing.includes(object))
      throw new PartlyAppliedError(migration, names(present), names(missing))
    }
  }
  return { adoptions, completed }
}

/** Finds migrations recorded under another version that no longer has a file: the file was renamed since. */
function renamed(migrations: readonly Migration[], history: readonly HistoryEntry[]): Adoption[] {
  return migrations.flatMap(({ name }) => {
    if (history.some((entry) => entry.name === name)) return []
    const other = otherVersion(history, name)
    if (!other || migrations.some((migration) => migration.name === other)) return []
    return [{ migration: name, reason: `recorded as ${other}, the same migration under another version` }]
  })
}

async function isPresent(sql: Sql, object: AdoptedObject): Promise<boolean> {
  const { rows } = await sql.query(object.isPresent)
  return Object.values(rows[0] ?? {})[0] === true
}

async function reasonFor(sql: Sql, name: string): Promise<string> {
  const versions = (await supabaseVersions(sql))(name)
  if (versions.length === 0) return 'its objects are there'
  const other = versions.find((candidate) => candidate !== parseName(name)?.version)
  return other
    ? `Supabase's history has it as ${other}, the same migration under another version`
    : "Supabase's history has it"
}

const names = (objects: readonly AdoptedObject[]): string[] => objects.map(({ object }) => object)
