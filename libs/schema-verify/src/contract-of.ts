import type { Catalog, CatalogObject, CatalogTable } from './catalog.ts'
import type { SchemaContract, TableContract } from './contract.ts'

export interface Ownership {
  /** Tables that others made: their keys' and references' names are not ours to ask for. */
  readonly given?: readonly string[]
  /** Schemas that are ours, so that their being there and their comment are asked for. */
  readonly schemas?: readonly string[]
}

/** The contract that a catalogue keeps: everything in it, but for what nobody wrote (no comment, no default). */
export function contractOf(catalog: Catalog, { given = [], schemas = [] }: Ownership): SchemaContract {
  const tables = [...catalog.tables]
    .filter(([, { kind }]) => /^(unlogged |partitioned )?table$/.test(kind))
    .map(([name, table]) => tableOf(name, table, given.includes(name)))
  const isOurs = (name: string): boolean => schemas.includes(name.slice(0, name.indexOf('.')))
  const ofTables = (owner: string | undefined): boolean =>
    owner !== undefined && catalog.tables.has(owner.split('.').slice(0, 2).join('.'))
  const functions = entries(catalog.functions).filter(([name]) => isOurs(name))
  const sequences = entries(catalog.sequences).filter(
    ([name, { definition }]) => isOurs(name) || ofTables(/ owned by (.*)$/.exec(definition)?.[1]),
  )
  const comments = [
    ...functions.map(([name, found]) => [`function ${name}`, found.comment] as const),
    ...sequences.map(([name, found]) => [`sequence ${name}`, found.comment] as const),
  ]
  return {
    schemas: Object.fromEntries(schemas.map((name) => [name, catalog.schemas.get(name) ?? ''])),
    tables: tables.sort((one, other) => (one.table < other.table ? -1 : 1)),
    functions: definitions(functions),
    sequences: definitions(sequences),
    comments: written(comments),
  }
}

function tableOf(table: string, actual: CatalogTable, isGiven: boolean): TableContract {
  const constraints = entries(actual.constraints)
  const isNamed = ([, { kind }]: (typeof constraints)[number]): boolean => !isGiven || kind === 'check'
  const named = constraints.filter(isNamed)
  const unnamed = constraints.filter((constraint) => !isNamed(constraint))
  const otherComments = [
    ...named.map(([name, found]) => [`constraint ${name}`, found.comment] as const),
    ...entries(actual.indexes).map(([name, found]) => [`index ${name}`, found.comment] as const),
    ...entries(actual.triggers).map(([name, found]) => [`trigger ${name}`, found.comment] as const),
  ]
  const whole: TableContract = {
    table,
    ...(actual.comment === undefined ? {} : { comment: actual.comment }),
    options: actual.options,
    columns: definitions([...actual.columns]),
    comments: written([...actual.columns].map(([name, found]) => [name, found.comment] as const)),
    constraints: definitions(named),
    unnamedConstraints: unnamed.map(([, { definition }]) => definition).sort(),
    indexes: definitions(entries(actual.indexes)),
    triggers: definitions(entries(actual.triggers)),
    otherComments: written(otherComments),
  }
  return Object.fromEntries(
    Object.entries(whole).filter(
      ([, part]) => typeof part === 'string' || Object.keys(part as object).length > 0,
    ),
  ) as unknown as TableContract
}

/** Columns keep the table's order; all else is in the order of names, whatever the server's locale. */
function entries<Found extends CatalogObject>(objects: ReadonlyMap<string, Found>): [string, Found][] {
  return [...objects].sort(([one], [other]) => (one < other ? -1 : 1))
}

function definitions(objects: readonly (readonly [string, CatalogObject])[]): Record<string, string> {
  return Object.fromEntries(objects.map(([name, { definition }]) => [name, definition]))
}

function written(comments: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(comments.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
