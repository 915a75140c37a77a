import type { Catalog, CatalogScope } from './catalog.ts'
import { check, checkComment } from './check.ts'
import { compareAccess, type AccessOptions } from './compare-access.ts'
import { compareTable } from './compare-table.ts'
import { compareTypes } from './compare-types.ts'
import type { Check, SchemaContract, TableContract } from './contract.ts'
import { identifier, kindOf, qualified, schemaOf } from './ddl.ts'

/** Returns the part of the catalogue that a comparison needs, plus the `more` tables that another check reads. */
export function scopeOf(
  contract: SchemaContract,
  more: readonly { readonly table: string }[] = [],
  { owners = false, grants = false }: AccessOptions = {},
): CatalogScope & { readonly tables: readonly string[] } {
  const { schemas = {}, functions = {}, sequences = {}, enums = {}, domains = {}, types = {} } = contract
  const tables = [...new Set([...contract.tables, ...more].map(({ table }) => table))]
  const others = Object.keys({ ...functions, ...sequences, ...enums, ...domains, ...types })
  return {
    schemas: [...new Set([...Object.keys(schemas), ...[...tables, ...others].map(schemaOf)])],
    tables,
    functions: Object.keys(functions).length > 0,
    access: owners || grants,
  }
}

/** One check for each object of the contract, ordered so that differences can be fixed in sequence. */
export function compareSchema(
  contract: SchemaContract,
  catalog: Catalog,
  access: AccessOptions = {},
): Check[] {
  const { schemas = {}, functions = {}, sequences = {}, comments = {} } = contract
  const isOurs = ({ table }: TableContract): boolean => Object.hasOwn(schemas, schemaOf(table))
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
    ...compareTypes(contract, catalog),
    ...Object.entries(functions).map(([name, expected]) =>
      check(`function ${name}`, expected, catalog.functions.get(name)?.definition, expected),
    ),
    ...inOrder(mergeTables(contract.tables)).flatMap((table) =>
      compareTable(table, catalog.tables.get(table.table), isOurs(table)),
    ),
    ...Object.entries(sequences).map(([name, expected]) => {
      const found = catalog.sequences.get(name)?.definition
      return check(`sequence ${name}`, expected, found, mendSequence(name, expected, found))
    }),
    ...Object.entries(comments).map(([object, expected]) =>
      checkComment(object, expected, commentOf(object, catalog)),
    ),
    ...compareAccess(contract, catalog, access),
  ]
}

function commentOf(object: string, catalog: Catalog): string | undefined {
  const [kind = '', name = ''] = object.split(/ (.*)/s)
  if (kind === 'function') return catalog.functions.get(name)?.comment
  if (kind === 'sequence') return catalog.sequences.get(name)?.comment
  return (catalog.enums.get(name) ?? catalog.domains.get(name) ?? catalog.types.get(name))?.comment
}

/** Puts partitions after their parents, and views after tables. */
function inOrder(tables: readonly TableContract[]): TableContract[] {
  const rank = (table: TableContract): number =>
    kindOf(table) !== 'table' ? 2 : table.partitionOf === undefined ? 0 : 1
  return tables.toSorted((one, other) => rank(one) - rank(other))
}

/** Several parts of a contract may describe the same table. */
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
      policies: { ...merged.policies, ...part.policies },
      rules: { ...merged.rules, ...part.rules },
      statistics: { ...merged.statistics, ...part.statistics },
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
