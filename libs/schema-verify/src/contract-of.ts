import type { Catalog, CatalogDomain, CatalogObject, CatalogTable } from './catalog.ts'
import { usualOwner } from './compare-access.ts'
import type { DomainContract, SchemaContract, TableContract } from './contract.ts'
import { qualified } from './ddl.ts'

export interface Ownership {
  /** Tables that others created: their contract does not fix the names of keys and references. */
  readonly given?: readonly string[]
  /** Schemas that are wholly ours. */
  readonly schemas?: readonly string[]
  /** Partitioned tables whose partitions come and go at run time, so that the contract names none of them. */
  readonly rolling?: readonly string[]
}

/** Builds the contract that a catalogue fulfils: everything in it, except what is absent by default. */
export function contractOf(
  catalog: Catalog,
  { given = [], schemas = [], rolling = [] }: Ownership,
): SchemaContract {
  const tables = [...catalog.tables]
    .filter(([, { kind }]) => /^((unlogged |partitioned )?table|(materialized )?view)$/.test(kind))
    .filter(([, { partitionOf }]) => !rolling.some((parent) => partitionOf?.startsWith(`${parent} `)))
    .map(([name, table]) => tableOf(name, table, given.includes(name)))
  const isOurs = (name: string): boolean => schemas.includes(name.slice(0, name.indexOf('.')))
  const ofTables = (owner: string | undefined): boolean =>
    owner !== undefined && catalog.tables.has(owner.split('.').slice(0, 2).join('.'))
  const functions = entries(catalog.functions).filter(([name]) => isOurs(name))
  const sequences = entries(catalog.sequences).filter(
    ([name, { definition }]) => isOurs(name) || ofTables(/ owned by (.*)$/.exec(definition)?.[1]),
  )
  const isUsed = (type: string): boolean =>
    isOurs(type) ||
    tables.some(({ columns = {} }) =>
      Object.values(columns).some((column) => column.split(/[ [(]/)[0] === qualified(type)),
    )
  const enums = [...catalog.enums].filter(([name]) => isUsed(name)).sort(byName)
  const domains = entries(catalog.domains).filter(([name]) => isUsed(name))
  const types = entries(catalog.types).filter(([name]) => isUsed(name))
  const comments = [
    ...[...enums, ...domains, ...types].map(([name, found]) => [`type ${name}`, found.comment] as const),
    ...functions.map(([name, found]) => [`function ${name}`, found.comment] as const),
    ...sequences.map(([name, found]) => [`sequence ${name}`, found.comment] as const),
  ]
  return {
    schemas: Object.fromEntries(
      schemas
        .filter((name) => catalog.schemas.has(name))
        .map((name) => [name, catalog.schemas.get(name) ?? '']),
    ),
    tables: tables.sort((one, other) => (one.table < other.table ? -1 : 1)),
    extensions: definitions(entries(catalog.extensions)),
    enums: Object.fromEntries(enums.map(([name, { values }]) => [name, values])),
    domains: Object.fromEntries(domains.map(([name, domain]) => [name, domainOf(domain)])),
    types: definitions(types),
    functions: definitions(functions),
    sequences: definitions(sequences),
    comments: written(comments),
    ...accessOf(catalog, (object) => isOurs(object) || tables.some(({ table }) => object === table)),
  }
}

function domainOf({ definition, constraints }: CatalogDomain): DomainContract {
  const sorted = Object.entries(constraints).sort(byName)
  return { type: definition, ...(sorted.length > 0 ? { constraints: Object.fromEntries(sorted) } : {}) }
}

/** Returns owners that differ from the usual one, and all grants. */
function accessOf(
  catalog: Catalog,
  isWanted: (name: string) => boolean,
): Required<Pick<SchemaContract, 'owners' | 'grants'>> {
  const wanted = [...catalog.access].filter(([object]) => isWanted(object.slice(object.indexOf(' ') + 1)))
  const usual = usualOwner(
    wanted.map(([object]) => object),
    catalog,
  )
  const sorted = wanted.sort(byName)
  return {
    owners: Object.fromEntries(
      sorted
        .filter(([, { owner, isOwned }]) => owner !== usual && !isOwned)
        .map(([object, { owner }]) => [object, owner]),
    ),
    grants: Object.fromEntries(
      sorted
        .filter(([, { grants }]) => grants.length > 0)
        .map(([object, { grants }]) => [object, [...grants].sort()]),
    ),
  }
}

function tableOf(table: string, actual: CatalogTable, isGiven: boolean): TableContract {
  const constraints = entries(actual.constraints)
  const isNamed = ([, { kind }]: (typeof constraints)[number]): boolean => !isGiven || kind === 'check'
  const named = constraints.filter(isNamed)
  const unnamed = constraints.filter((constraint) => !isNamed(constraint))
  const isView = actual.query !== undefined
  const otherComments = [
    ...named.map(([name, found]) => [`constraint ${name}`, found.comment] as const),
    ...entries(actual.indexes).map(([name, found]) => [`index ${name}`, found.comment] as const),
    ...entries(actual.triggers).map(([name, found]) => [`trigger ${name}`, found.comment] as const),
    ...entries(actual.policies).map(([name, found]) => [`policy ${name}`, found.comment] as const),
    ...entries(actual.rules).map(([name, found]) => [`rule ${name}`, found.comment] as const),
    ...entries(actual.statistics).map(([name, found]) => [`statistics ${name}`, found.comment] as const),
  ]
  const whole: TableContract = {
    table,
    ...(actual.comment === undefined ? {} : { comment: actual.comment }),
    ...(isView ? { [actual.kind === 'view' ? 'view' : 'materializedView']: actual.query } : {}),
    ...(actual.partitionBy === undefined ? {} : { partitionBy: actual.partitionBy }),
    ...(actual.partitionOf === undefined ? {} : { partitionOf: actual.partitionOf }),
    ...(actual.rowSecurity === 'disabled' ? {} : { rowSecurity: actual.rowSecurity }),
    ...(actual.replicaIdentity === 'default' || isView ? {} : { replicaIdentity: actual.replicaIdentity }),
    // A view's options precede its query, and its columns follow from the query.
    options: isView ? [] : actual.options,
    columns: isView ? {} : definitions([...actual.columns]),
    comments: written([...actual.columns].map(([name, found]) => [name, found.comment] as const)),
    constraints: definitions(named),
    unnamedConstraints: unnamed.map(([, { definition }]) => definition).sort(),
    indexes: definitions(entries(actual.indexes)),
    triggers: definitions(entries(actual.triggers)),
    policies: definitions(entries(actual.policies)),
    rules: definitions(entries(actual.rules)),
    statistics: definitions(entries(actual.statistics)),
    otherComments: written(otherComments),
  }
  return Object.fromEntries(
    Object.entries(whole).filter(
      ([, part]) => typeof part === 'string' || Object.keys(part as object).length > 0,
    ),
  ) as unknown as TableContract
}

/** Columns keep the table's order; everything else is sorted by name, independent of the server's locale. */
function entries<Found extends CatalogObject>(objects: ReadonlyMap<string, Found>): [string, Found][] {
  return [...objects].sort(byName)
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1

function definitions(objects: readonly (readonly [string, CatalogObject])[]): Record<string, string> {
  return Object.fromEntries(objects.map(([name, { definition }]) => [name, definition]))
}

function written(comments: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(comments.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
