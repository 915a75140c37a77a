import { glob, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { connect, maintenanceSession } from '@mediakeep/postgres'
import { readCatalogTypes } from './catalog-types.ts'
import { printModule } from './print.ts'
import { readSqlFile } from './sql-file.ts'
import { typeStatement } from './type-statement.ts'

export interface Generated {
  /** Text of each module, by its path relative to the root. */
  readonly modules: ReadonlyMap<string, string>
  /** Statements that PostgreSQL rejects, one line each. */
  readonly problems: readonly string[]
}

const SOURCES = '{libs,apps}/*/src/**/*.sql'

/** Types all statements of the `.sql` files against a migrated database. Runs none of them. */
export async function generateStatements(root: string, url: string): Promise<Generated> {
  const client = await connect(url, maintenanceSession('typed-sql', 60_000))
  try {
    const types = await readCatalogTypes(client)
    const modules = new Map<string, string>()
    const problems: string[] = []
    for await (const path of glob(SOURCES, { cwd: root, exclude: (name) => name.includes('.fixture.') })) {
      const statements = []
      for (const statement of readSqlFile(path, await readFile(join(root, path), 'utf8'))) {
        const typed = await typeStatement(client, types, statement)
        if (typed.problem !== undefined) problems.push(`${path}: ${typed.name}: ${typed.problem}`)
        statements.push(typed)
      }
      modules.set(`${path}.ts`, printModule(basename(path), statements))
    }
    return { modules, problems }
  } finally {
    await client.end()
  }
}

/** @returns paths whose committed text differs from what the generator makes, or that have no `.sql` file */
export async function findStale(root: string, { modules }: Generated): Promise<string[]> {
  const stale: string[] = []
  for await (const path of glob(`${SOURCES}.ts`, { cwd: root })) if (!modules.has(path)) stale.push(path)
  for (const [path, text] of modules) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (committed !== text) stale.push(path)
  }
  return stale.sort()
}

export async function writeModules(root: string, { modules }: Generated): Promise<void> {
  for (const [path, text] of modules) await writeFile(join(root, path), text)
}
