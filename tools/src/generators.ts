import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { formatFiles, getProjects, logger, type Tree } from '@nx/devkit'
import { parsePrismaSchema, printContract, type SchemaContract } from '@mediakeep/schema-verify'
import { contractOfMigrations, readContract, type ReadContract } from './catalogue.ts'
import { loadContract, loadDatabaseProject, type DatabaseProject } from './database-project.ts'
import { writeMigration } from './migration-files.ts'
import { draftFromPrisma } from './prisma-draft.ts'

export interface ProjectOption {
  /** Nx project; default: the only one with a verify target. */
  readonly project?: string
}

export interface VerificationOptions extends ProjectOption {
  /** URL of a live database to describe, instead of what the migrations create. */
  readonly fromDatabase?: string
  readonly typesFrom?: string
}

/** `nx g @mediakeep/tools:verification`: writes the contract. */
export async function verificationGenerator(tree: Tree, options: VerificationOptions): Promise<void> {
  const { project } = await findDatabase(tree, options)
  const read = options.fromDatabase
    ? await readLive(options.fromDatabase, project)
    : await contractOfMigrations(project)
  writeContract(tree, project, read, options)
  await formatFiles(tree)
}

/** Reads a live database: the tables that the contract names, and everything in schemas that are wholly ours. */
async function readLive(url: string, project: DatabaseProject): Promise<ReadContract> {
  const whole = await readContract(url, project)
  const known = (await loadContract(project))?.tables.map(({ table }) => table) ?? []
  const isOurs = (table: string): boolean =>
    known.includes(table) ||
    (project.given?.includes(table) ?? false) ||
    (project.schemas ?? ['public']).some((schema) => table.startsWith(`${schema}.`))
  const tables = [...whole.catalog.tables.keys()].filter(isOurs)
  return readContract(url, project, { tables })
}

export interface MigrationGeneratorOptions extends ProjectOption {
  readonly name: string
  readonly fromPrisma?: boolean
  readonly concurrent?: boolean
}

/** `nx g @mediakeep/tools:migration <name>`: writes the SQL pair, its test, and the updated contract. */
export async function migrationGenerator(tree: Tree, options: MigrationGeneratorOptions): Promise<void> {
  const { project, module } = await findDatabase(tree, options)
  const draft = options.fromPrisma ? await draftChanges(project) : undefined
  const files = await writeMigration(project.migrations.folder, { ...options, ...(draft ? { draft } : {}) })
  const { folder } = project.migrations
  for (const [file, sql] of files.sql) tree.write(relative(tree.root, join(folder, file)), sql)
  tree.write(
    relative(tree.root, join(tree.root, dirname(module), 'migrations', `${files.name}.test.ts`)),
    files.test,
  )
  if (draft) {
    writeContract(tree, project, await withDrafts(project, files.sql), {})
  } else {
    logger.info('Write the SQL, then: nx g @mediakeep/tools:verification')
  }
  await formatFiles(tree)
}

async function draftChanges(project: DatabaseProject): Promise<ReturnType<typeof draftFromPrisma>> {
  if (!project.prismaSchema) throw new Error('The database module names no prismaSchema to draft from')
  const contract = (await loadContract(project)) ?? (await contractOfMigrations(project)).contract
  const draft = draftFromPrisma(parsePrismaSchema(await readFile(project.prismaSchema, 'utf8')), contract)
  if (draft.up.length === 0) throw new Error('The Prisma schema has nothing that the contract has not')
  return draft
}

/** Returns the contract as it would be with files that are not written yet. */
async function withDrafts(project: DatabaseProject, sql: ReadonlyMap<string, string>): Promise<ReadContract> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  try {
    for (const file of await readdir(project.migrations.folder)) {
      await cp(join(project.migrations.folder, file), join(folder, file), { recursive: true })
    }
    for (const [file, text] of sql) await writeFile(join(folder, file), text)
    return await contractOfMigrations(project, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Replaces the contract's files, and deletes those of tables that no longer exist. */
function writeContract(
  tree: Tree,
  project: DatabaseProject,
  { contract, unsayable }: { readonly contract: SchemaContract; readonly unsayable: readonly string[] },
  { typesFrom }: Pick<VerificationOptions, 'typesFrom'>,
): void {
  const folder = relative(tree.root, project.contractFolder)
  tree.delete(folder)
  const source = typesFrom ?? project.typesFrom
  for (const [path, text] of printContract(contract, source ? { typesFrom: source } : {})) {
    tree.write(join(folder, path), text)
  }
  for (const object of unsayable)
    logger.warn(`A contract cannot describe ${object}: verification will not see it change`)
}

/** Finds a project's database module, as named by its verify target. */
async function findDatabase(
  tree: Tree,
  { project: wanted }: ProjectOption,
): Promise<{ project: DatabaseProject; module: string }> {
  const found = [...getProjects(tree)].flatMap(([name, { targets = {} }]) => {
    const options = targets.verify?.options as { database?: string } | undefined
    const isVerify = targets.verify?.executor === '@mediakeep/tools:verify'
    return isVerify && options?.database && (wanted ?? name) === name
      ? [{ name, module: options.database }]
      : []
  })
  const [only] = found
  if (!only || found.length > 1) {
    throw new Error(
      wanted
        ? `${wanted} has no target "verify" of the executor @mediakeep/tools:verify`
        : `Say which with --project: ${found.map(({ name }) => name).join(', ') || 'no project has a verify target'}`,
    )
  }
  return { project: await loadDatabaseProject(tree.root, only.module), module: only.module }
}
