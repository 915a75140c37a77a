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
  /** Of a live database: the tables to read, with their schemas; all when not given. */
  readonly tables?: readonly string[]
}

export interface ReadContract {
  readonly contract: SchemaContract
  readonly catalog: Catalog
  /** Objects of the project's schemas that a contract has no words for. */
  readonly unsayable: readonly string[]
}

/** The contract that a database keeps as it is now. */
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

/** The contract that the migrations make, from nothing. */
export function contractOfMigrations(
  project: DatabaseProject,
  folder = project.migrations.folder,
): Promise<ReadContract> {
  return withScratchDatabase(async (url) => {
    await migrate({ ...project.migrations, folder, url })
    return readContract(url, project)
  })
}

/** A database's catalogue as one text, the same for the same objects. */
export async function catalogueText(url: string, project: DatabaseProject): Promise<string> {
  const { contract } = await readContract(url, project)
  return [...printContract(contract)].map(([path, text]) => `// ${path}\n${text}`).join('\n')
}
