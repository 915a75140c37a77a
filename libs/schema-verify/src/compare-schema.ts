import type { Catalog, CatalogScope } from './catalog.ts'
import { check, checkComment } from './check.ts'
import { compareTable } from './compare-table.ts'
import type { Check, SchemaContract, TableContract } from './contract.ts'
import { identifier, qualified, schemaOf } from './ddl.ts'

/** What has to be read to hold a database against a contract, and against what else names tables. */
export function scopeOf(
  contract: SchemaContract,
  more: readonly { readonly table: string }[] = [],
): CatalogScope & { readonly tables: readonly string[] } {
  const tables = [...new Set([...contract.tables, ...more].map(({ table }) => table))]
  const others = [...Object.keys(contract.functions ?? {}), ...Object.keys(contract.sequences ?? {})]
  const schemas = new Set([...Object.keys(contract.schemas ?? {}), ...[...tables, ...others].map(schemaOf)])
  return { schemas: [...schemas], tables, functions: Object.keys(contract.functions ?? {}).length > 0 }
}

/** One check an object of the contract, in the order in which what differs could be mended. */
export function compareSchema(contract: SchemaContract, catalog: Catalog): Check[] {
  const { schemas = {}, functions = {}, sequences = {}, comments = {} } = contract
  return [
    ...Object.entries(schemas).flatMap(([name, comment]) => [
      check(
        `schema ${name}`,
        'present',
        catalog.schemas.has(name) ? 'present' : undefined,
        `CREATE SCHEMA ${identifier(name)}`,
      ),
      ...(comment ? [checkComment(`schema ${name}`, comment, catalog.schemas.get(name))] : []),
    ]),
    ...Object.entries(functions).map(([name, expected]) =>
      check(`function ${name}`, expected, catalog.functions.get(name)?.definition, expected),
    ),
    ...mergeTables(contract.tables).flatMap((table) => compareTable(table, catalog.tables.get(table.table))),
    ...Object.entries(sequences).map(([name, expected]) => {
      const found = catalog.sequences.get(name)?.definition
      return check(`sequence ${name}`, expected, found, mendSequence(name, expected, found))
    }),
    ...Object.entries(comments).map(([object, expected]) => {
      const [kind, name = ''] = object.split(/ (.*)/s)
      const all = kind === 'function' ? catalog.functions : catalog.sequences
      return checkComment(object, expected, all.get(name)?.comment)
    }),
  ]
}

/** Several parts of a contract may speak of one table. */
function mergeTables(contracts: readonly TableContract[]): TableContract[] {
  const groups = Map.groupBy(contracts, ({ table }) => table)
  return [...groups.values()].map((parts) =>
    parts.reduce((merged, part) => ({
      ...merged,
      ...part,
      columns: { ...merged.columns, ...part.columns },
      comments: { ...merged.comments, ...part.comments },
      constraints: { ...merged.constraints, ...part.constraints },
      unnamedConstraints: [...(merged.unnamedConstraints ?? []), ...(part.unnamedConstraints ?? [])],
      indexes: { ...merged.indexes, ...part.indexes },
      triggers: { ...merged.triggers, ...part.triggers },
      otherComments: { ...merged.otherComments, ...part.otherComments },
    })),
  )
}

const SEQUENCE =
  /^(\w+) start (\S+) increment (\S+) minimum (\S+) maximum (\S+) cache (\S+?)( cycle)?(?: owned by (.+))?$/

function mendSequence(name: string, expected: string, found: string | undefined): string {
  const [, type, start, increment, minimum, maximum, cache, cycle, owner] = SEQUENCE.exec(expected) ?? []
  const numbers =
    `START ${start ?? ''} INCREMENT ${increment ?? ''} MINVALUE ${minimum ?? ''} MAXVALUE ${maximum ?? ''}` +
    ` CACHE ${cache ?? ''} ${cycle ? 'CYCLE' : 'NO CYCLE'}`
  const verb = found === undefined ? 'CREATE' : 'ALTER'
  const statements = [`${verb} SEQUENCE ${qualified(name)} AS ${type ?? ''} ${numbers}`]
  const owned = found === undefined ? undefined : SEQUENCE.exec(found)?.[8]
  if (owner !== owned) statements.push(`ALTER SEQUENCE ${qualified(name)} OWNED BY ${owner ?? 'NONE'}`)
  return statements.join('; ')
}
