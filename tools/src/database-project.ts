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
import { parsePrismaSchema, type Belief, type Invariant, type SchemaContract } from '@mediakeep/schema-verify'

/** What a project says of its database to these tools: the export `database` of a module. */
export interface DatabaseProject {
  readonly migrations: HistoryTable &
    SessionSettings & {
      /** Absolute; holds `<14 digits>_<name>.sql`, and perhaps `.down.sql` beside. */
      readonly folder: string
    }
  /** Absolute; the generator "verification" writes it. */
  readonly contractFolder: string
  /** Rules for rows. */
  readonly invariants?: readonly Invariant[]
  /** Schemas that are wholly this project's; `public` when not given. */
  readonly schemas?: readonly string[]
  /** Tables with their schemas that others made, where the names of keys and references are not ours. */
  readonly given?: readonly string[]
  /** Partitioned tables whose partitions the program makes and drops: the contract names none of these. */
  readonly rolling?: readonly string[]
  /** Absolute path of the `schema.prisma` whose client reads the database. */
  readonly prismaSchema?: string
  /** Module that the contract takes its types from; `@mediakeep/schema-verify` when not given. */
  readonly typesFrom?: string
  /** Rules of squawk that are not ours. https://squawkhq.com/docs/rules */
  readonly lintExcludes?: readonly string[]
  /** What a person runs to migrate. */
  readonly migrateCommand?: string
  /** Migrations that others may have applied already. */
  readonly adopt?: readonly AdoptionRule[]
  /** Looks for what stands in the way of the migrations; it only reads. */
  readonly preflight?: NonNullable<MigrationOptions['preflight']>
  /** Changes rows that the pending migrations would refuse. */
  readonly prepare?: NonNullable<MigrationOptions['prepare']>
  /** Migrations that are not undone, and why. */
  readonly stays?: readonly StayRule[]
  /** Long data changes, in batches; it is called whenever migrating is done. */
  afterMigrate?(url: string, log: (line: string) => void): Promise<unknown>
}

/** Loads a project's module, TypeScript or not. @throws when Node is too old, or it lacks what these tools need */
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

/** The contract that was generated last; undefined when none was. */
export async function loadContract(project: DatabaseProject): Promise<SchemaContract | undefined> {
  const path = join(project.contractFolder, 'schema.ts')
  if (!existsSync(path)) return undefined
  const { schema } = (await import(pathToFileURL(path).href)) as { schema: SchemaContract }
  return { ...schema, ...(project.invariants ? { invariants: project.invariants } : {}) }
}

/** All that a project believes of its database. @throws when its contract was never generated */
export async function beliefOf(project: DatabaseProject): Promise<Belief> {
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
