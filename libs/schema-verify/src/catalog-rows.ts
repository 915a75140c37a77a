import type {
  CatalogConstraint,
  CatalogDomain,
  CatalogEnum,
  CatalogExtension,
  CatalogObject,
  CatalogTable,
} from './catalog.ts'

export interface ObjectRow {
  readonly name: string
  readonly definition: string | null
  readonly comment: string | null
}
export interface OfTable {
  readonly table: string
}
export interface TableRow extends OfTable {
  readonly kind: string
  readonly isUnlogged: boolean
  readonly options: string[] | null
  readonly comment: string | null
  readonly query: string | null
  readonly partitionBy: string | null
  readonly partitionOf: string | null
  readonly hasRowSecurity: boolean
  readonly isRowSecurityForced: boolean
  readonly replicaIdentity: string
}
export interface PartRow extends OfTable, ObjectRow {}
export interface ColumnRow extends OfTable, Omit<ObjectRow, 'definition'> {
  readonly type: string
  readonly isRequired: boolean
  readonly isUnchecked: boolean
  readonly expression: string | null
  readonly generated: string
  readonly identity: string
  readonly collation: string | null
}
export interface ConstraintRow extends OfTable, ObjectRow {
  readonly kind: string
  readonly fault: string | null
}
export interface IndexRow extends OfTable, ObjectRow {
  readonly isValid: boolean
}
export interface EnabledRow extends OfTable, ObjectRow {
  readonly enabled: string
}
export interface ExtensionRow extends ObjectRow {
  readonly defaultVersion: string | null
}
export interface EnumRow extends Omit<ObjectRow, 'definition'> {
  readonly values: string[]
}
export interface DomainRow extends Omit<ObjectRow, 'definition'> {
  readonly type: string
  readonly isRequired: boolean
  readonly expression: string | null
  readonly collation: string | null
  readonly constraints: Record<string, string>
}
export interface AccessRow {
  readonly object: string
  readonly owner: string
  readonly isOwned: boolean
  readonly grants: string[]
}
export interface SequenceRow extends Omit<ObjectRow, 'definition'> {
  readonly type: string
  readonly start: number | string
  readonly increment: number | string
  readonly minimum: number | string
  readonly maximum: string
  readonly cache: number | string
  readonly isCycle: boolean
  readonly owner: string | null
}

export function named<Row extends { name: string; comment: string | null }, Found>(
  rows: readonly Row[] | undefined,
  describe: (row: Row) => Omit<Found, 'comment'>,
): Map<string, Found> {
  return new Map(
    (rows ?? []).map((row) => [row.name, { ...describe(row), comment: row.comment ?? undefined } as Found]),
  )
}

const KINDS: Readonly<Record<string, string>> = {
  ...{ r: 'table', p: 'partitioned table', v: 'view', m: 'materialized view', f: 'foreign table' },
}

type TableAlone = Pick<
  CatalogTable,
  'kind' | 'options' | 'comment' | 'query' | 'partitionBy' | 'partitionOf' | 'rowSecurity' | 'replicaIdentity'
>

export function tableOf(row: TableRow): TableAlone {
  const options = row.options ?? []
  const query = row.query?.replace(/;\s*$/, '').trim()
  const security = row.hasRowSecurity ? 'enabled' : 'disabled'
  return {
    kind: `${row.isUnlogged ? 'unlogged ' : ''}${KINDS[row.kind] ?? row.kind}`,
    options,
    comment: row.comment ?? undefined,
    query: query && `${options.length > 0 ? `with (${options.join(', ')}) ` : ''}${query}`,
    partitionBy: row.partitionBy ?? undefined,
    partitionOf: row.partitionOf ?? undefined,
    rowSecurity: row.isRowSecurityForced ? `${security} and forced` : security,
    replicaIdentity: row.replicaIdentity,
  }
}

export const objectOf = ({ definition }: ObjectRow): Omit<CatalogObject, 'comment'> => ({
  definition: definition ?? '',
})

export const extensionOf = (row: ExtensionRow): Omit<CatalogExtension, 'comment'> => ({
  definition: row.definition ?? '',
  defaultVersion: row.defaultVersion ?? undefined,
})

export const enumOf = ({ values }: EnumRow): Omit<CatalogEnum, 'comment'> => ({ values })

export function domainOf(row: DomainRow): Omit<CatalogDomain, 'comment'> {
  const { definition } = columnOf({ ...row, isUnchecked: false, generated: '', identity: '' })
  return { definition, constraints: row.constraints }
}

type ColumnText = Omit<ColumnRow, 'table' | 'name' | 'comment'>

export function columnOf(row: ColumnText): Omit<CatalogObject, 'comment'> {
  const { type, collation, isRequired, isUnchecked, expression, generated, identity } = row
  const words = [type]
  if (collation !== null) words.push(`collate ${collation}`)
  if (isRequired) words.push('not null')
  if (identity) words.push(`generated ${identity === 'a' ? 'always' : 'by default'} as identity`)
  else if (generated) {
    words.push(`generated always as (${expression ?? ''}) ${generated === 's' ? 'stored' : 'virtual'}`)
  } else if (expression !== null) words.push(`default ${expression}`)
  return { definition: words.join(' '), fault: isUnchecked ? 'not null is not validated' : undefined }
}

export function constraintOf({ kind, definition, fault }: ConstraintRow): Omit<CatalogConstraint, 'comment'> {
  return {
    kind: kind === 'c' ? 'check' : kind === 'f' ? 'reference' : 'key',
    definition: definition ?? '',
    fault: fault ?? undefined,
  }
}

/** `CREATE UNIQUE INDEX name ON ONLY table USING btree (a)`: `unique btree (a)` */
export function indexOf({ definition, isValid }: IndexRow): Omit<CatalogObject, 'comment'> {
  const [, unique, method] = /^CREATE (UNIQUE )?INDEX .*? USING (.*)$/s.exec(definition ?? '') ?? []
  return {
    definition: `${unique ? 'unique ' : ''}${method ?? ''}`,
    fault: isValid ? undefined : 'not valid: half-built',
  }
}

const ENABLED: Readonly<Record<string, string>> = { D: 'disabled ', R: 'replica ', A: 'always ' }

/** `CREATE [CONSTRAINT] TRIGGER name AFTER INSERT …`: `[constraint] AFTER INSERT …` */
export function triggerOf({ definition, enabled }: EnabledRow): Omit<CatalogObject, 'comment'> {
  const [, constraint, rest] =
    /^CREATE (CONSTRAINT )?TRIGGER (?:"(?:[^"]|"")*"|\S+) (.*)$/s.exec(definition ?? '') ?? []
  return { definition: `${ENABLED[enabled] ?? ''}${constraint ? 'constraint ' : ''}${rest ?? ''}` }
}

/** `CREATE RULE name AS ON INSERT …;`: `AS ON INSERT …` */
export function ruleOf({ definition, enabled }: EnabledRow): Omit<CatalogObject, 'comment'> {
  const [, rest = ''] = /^CREATE RULE (?:"(?:[^"]|"")*"|\S+) (.*?);?$/s.exec(definition ?? '') ?? []
  return { definition: `${ENABLED[enabled] ?? ''}${rest.trim()}` }
}

export function functionOf({ definition }: ObjectRow): Omit<CatalogObject, 'comment'> {
  return { definition: (definition ?? 'an aggregate or window function').trimEnd() }
}

export function sequenceOf(row: SequenceRow): Omit<CatalogObject, 'comment'> {
  const { type, start, increment, minimum, maximum, cache, isCycle, owner } = row
  const numbers = `start ${start} increment ${increment} minimum ${minimum} maximum ${maximum} cache ${cache}`
  return { definition: `${type} ${numbers}${isCycle ? ' cycle' : ''}${owner ? ` owned by ${owner}` : ''}` }
}
