import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type {
  AdoptionRule,
  HistoryTable,
  MigrationOptions,
  SessionSettings,
  StayRule,
} from '@mediakeep/migrations'
import { nodeProblem } from '../bin/node-version.js'
import {
  parsePrismaSchema,
  type ExpectedSchema,
  type Invariant,
  type SchemaContract,
} from '@mediakeep/schema-verify'

/** A project's description of its database for these tools: the export `database` of a module. */
export interface DatabaseProject {
  readonly migrations: HistoryTable &
    SessionSettings & {
      /** Absolute path; contains `<14 digits>_<name>.sql` files, each with an optional `.down.sql`. */
      readonly folder: string
    }
  /** Absolute path; written by the generator "verification". */
  readonly contractFolder: string
  /** Rules for rows. */
  readonly invariants?: readonly Invariant[]
  /** Schemas that are wholly this project's; default `public`. */
  readonly schemas?: readonly string[]
  /** Tables (with schemas) that others created, whose names of keys and references are not ours to choose. */
  readonly given?: readonly string[]
  /** Partitioned tables whose partitions the program creates and drops; the contract names none of them. */
  readonly rolling?: readonly string[]
  /** Absolute path of the `schema.prisma` whose client reads the database. */
  readonly prismaSchema?: string
  /** Module that the contract imports its types from; default `@mediakeep/schema-verify`. */
  readonly typesFrom?: string
  /** squawk rules that do not apply here. https://squawkhq.com/docs/rules */
  readonly lintExcludes?: readonly string[]
  /** The command that an operator runs to migrate. */
  readonly migrateCommand?: string
  /** Migrations that another tool may already have applied. */
  readonly adopt?: readonly AdoptionRule[]
  /** Finds problems that block the migrations; read-only. */
  readonly preflight?: NonNullable<MigrationOptions['preflight']>
  /** Fixes rows that the pending migrations would reject. */
  readonly prepare?: NonNullable<MigrationOptions['prepare']>
  /** Migrations that cannot be undone, and why. */
  readonly stays?: readonly StayRule[]
  /** Long data changes, in batches; called after every migrate run. */
  afterMigrate?(url: string, log: (line: string) => void): Promise<unknown>
  /** Logs what `afterMigrate` would change; read-only. Called by a check and a dry run. */
  previewAfterMigrate?(url: string, log: (line: string) => void): Promise<unknown>
}

/** Loads a project's module, TypeScript or not. @throws if Node is too old or the module lacks what these tools need */
export async function loadDatabaseProject(root: string, path: string): Promise<DatabaseProject> {
  const problem = nodeProblem(process.versions.node)
  if (problem) throw new Error(problem)
  const loaded = (await import(pathToFileURL(resolve(root, path)).href)) as { database?: DatabaseProject }
  const { database } = loaded
  if (!database?.migrations.folder || !database.contractFolder) {
    throw new Error(`${path} must export "database" with its migrations and its contractFolder`)
  }
  return database
}

/** Loads the last generated contract; undefined if there is none. */
export async function loadContract(project: DatabaseProject): Promise<SchemaContract | undefined> {
  const path = join(project.contractFolder, 'schema.ts')
  if (!existsSync(path)) return undefined
  const { schema } = (await import(pathToFileURL(path).href)) as { schema: SchemaContract }
  return { ...schema, ...(project.invariants ? { invariants: project.invariants } : {}) }
}

/** Returns everything a project expects of its database. @throws if its contract was never generated */
export async function expectedSchemaOf(project: DatabaseProject): Promise<ExpectedSchema> {
  const contract = await loadContract(project)
  if (!contract) {
    throw new Error(`${project.contractFolder} has no contract yet: run nx g @mediakeep/tools:verification`)
  }
  return {
    contract,
    migrations: project.migrations,
    migrateCommand: project.migrateCommand ?? 'run the migrations',
    ...(project.prismaSchema
      ? { prismaModels: parsePrismaSchema(await readFile(project.prismaSchema, 'utf8')) }
      : {}),
  }
}
