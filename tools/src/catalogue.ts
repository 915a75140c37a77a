import { migrate } from '@mediakeep/migrations'
import { maintenanceSession, openPool } from '@mediakeep/postgres'
import {
  contractOf,
  printContract,
  readOnly,
  readSchema,
  readUnsayable,
  type Catalog,
  type SchemaContract,
} from '@mediakeep/schema-verify'
import type { DatabaseProject } from './database-project.ts'
import { withScratchDatabase } from './scratch.ts'

const STATEMENT_MS = 60_000

export interface ReadOptions {
  /** Tables to read from a live database, with their schemas; default: all. */
  readonly tables?: readonly string[]
}

export interface ReadContract {
  readonly contract: SchemaContract
  readonly catalog: Catalog
  /** Objects in the project's schemas that a contract cannot describe. */
  readonly unsayable: readonly string[]
}

/** Returns the contract that a database currently fulfils. */
export async function readContract(
  url: string,
  project: DatabaseProject,
  { tables }: ReadOptions = {},
): Promise<ReadContract> {
  const { schemas = ['public'], given = [], rolling = [] } = project
  const all = [...new Set([...schemas, ...(tables ?? given).map((table) => table.split('.')[0]!)])]
  const pool = openPool(url, { max: 1, session: maintenanceSession('schema-tools', STATEMENT_MS) })
  try {
    const catalog = await readSchema(pool, { schemas: all, ...(tables ? { tables } : {}) })
    const unsayable = await readOnly(pool, (sql) => readUnsayable(sql, schemas))
    return { contract: contractOf(catalog, { schemas, given, rolling }), catalog, unsayable }
  } finally {
    await pool.close()
  }
}

/** Returns the contract that the migrations create, starting from an empty database. */
export function contractOfMigrations(
  project: DatabaseProject,
  folder = project.migrations.folder,
): Promise<ReadContract> {
  return withScratchDatabase(async (url) => {
    await migrate({ ...project.migrations, folder, url })
    return readContract(url, project)
  })
}

/** Prints a database's catalogue as one text; equal objects give equal text. */
export async function catalogueText(url: string, project: DatabaseProject): Promise<string> {
  const { contract } = await readContract(url, project)
  return [...printContract(contract)].map(([path, text]) => `// ${path}\n${text}`).join('\n')
}
