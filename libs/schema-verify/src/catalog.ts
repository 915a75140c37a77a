import type { Sql } from '@mediakeep/sql'
import * as queries from './catalog-queries.ts'

/** What pg_catalog says of some schemas, in the contract's words. */
export interface Catalog {
  readonly schemas: ReadonlyMap<string, string | undefined>
  readonly tables: ReadonlyMap<string, CatalogTable>
  readonly functions: ReadonlyMap<string, CatalogObject>
  readonly sequences: ReadonlyMap<string, CatalogObject>
}

export interface CatalogTable {
  /** `table`, or what stands there instead of one: `view`, `unlogged table`. */
  readonly kind: string
  readonly options: readonly string[]
  readonly comment: string | undefined
  readonly columns: ReadonlyMap<string, CatalogObject>
  readonly constraints: ReadonlyMap<string, CatalogConstraint>
  readonly indexes: ReadonlyMap<string, CatalogObject>
  readonly triggers: ReadonlyMap<string, CatalogObject>
}

export interface CatalogObject {
  readonly definition: string
  readonly comment: string | undefined
  /** Why it does not do what its definition says: `half-built`. */
  readonly fault?: string | undefined
}

export interface CatalogConstraint extends CatalogObject {
  readonly kind: 'check' | 'key' | 'reference'
}

export interface CatalogScope {
  readonly schemas: readonly string[]
  /** With their schemas; all of the schemas when not given. */
  readonly tables?: readonly string[]
  /** Whether functions are read; they are when not given. */
  readonly functions?: boolean
}

const KINDS: Readonly<Record<string, string>> = {
  ...{ r: 'table', p: 'partitioned table', v: 'view', m: 'materialized view', f: 'foreign table' },
}

/** Reads pg_catalog and nothing else. Runs best in one snapshot, under the search path `pg_catalog`. */
export async function readCatalog(
  sql: Sql,
  { schemas, tables, functions = true }: CatalogScope,
): Promise<Catalog> {
  const ask = async <Row extends object>(query: string, ...more: unknown[]): Promise<Row[]> =>
    (await sql.query<Row>(query, [schemas, ...more])).rows
  const of = <Row extends object>(query: string): Promise<Row[]> => ask<Row>(query, tables ?? null)

  const found = await of<TableRow>(queries.TABLES)
  const columns = Map.groupBy(await of<ColumnRow>(queries.COLUMNS), byTable)
  const constraints = Map.groupBy(await of<ConstraintRow>(queries.CONSTRAINTS), byTable)
  const indexes = Map.groupBy(await of<IndexRow>(queries.INDEXES), byTable)
  const triggers = Map.groupBy(await of<TriggerRow>(queries.TRIGGERS), byTable)
  return {
    schemas: new Map(
      (await ask<ObjectRow>(queries.SCHEMAS)).map((row) => [row.name, row.comment ?? undefined]),
    ),
    tables: new Map(
      found.map((row) => [
        row.table,
        {
          kind: `${row.isUnlogged ? 'unlogged ' : ''}${KINDS[row.kind] ?? row.kind}`,
          options: row.options ?? [],
          comment: row.comment ?? undefined,
          columns: named(columns.get(row.table), columnOf),
          constraints: named(constraints.get(row.table), constraintOf),
          indexes: named(indexes.get(row.table), indexOf),
          triggers: named(triggers.get(row.table), triggerOf),
        },
      ]),
    ),
    functions: named(functions ? await ask<ObjectRow>(queries.FUNCTIONS) : [], functionOf),
    sequences: named(await ask<SequenceRow>(queries.SEQUENCES), sequenceOf),
  }
}

/** Objects of these schemas that no contract can say. */
export async function readUnsayable(sql: Sql, schemas: readonly string[]): Promise<string[]> {
  return (await sql.query<{ name: string }>(queries.UNSAYABLE, [schemas])).rows.map((row) => row.name)
}

interface ObjectRow {
  readonly name: string
  readonly definition: string | null
  readonly comment: string | null
}
interface OfTable {
  readonly table: string
}
interface TableRow extends OfTable {
  readonly kind: string
  readonly isUnlogged: boolean
  readonly options: string[] | null
  readonly comment: string | null
}
interface ColumnRow extends OfTable, Omit<ObjectRow, 'definition'> {
  readonly type: string
  readonly isRequired: boolean
  readonly isUnchecked: boolean
  readonly expression: string | null
  readonly generated: string
  readonly identity: string
  readonly collation: string | null
}
interface ConstraintRow extends OfTable, ObjectRow {
  readonly kind: string
  readonly fault: string | null
}
interface IndexRow extends OfTable, ObjectRow {
  readonly isValid: boolean
}
interface TriggerRow extends OfTable, ObjectRow {
  readonly enabled: string
}
interface SequenceRow extends Omit<ObjectRow, 'definition'> {
  readonly type: string
  readonly start: number | string
  readonly increment: number | string
  readonly minimum: number | string
  readonly maximum: string
  readonly cache: number | string
  readonly isCycle: boolean
  readonly owner: string | null
}

const byTable = (row: OfTable): string => row.table

function named<Row extends { name: string; comment: string | null }, Found>(
  rows: readonly Row[] | undefined,
  describe: (row: Row) => Omit<Found, 'comment'>,
): Map<string, Found> {
  return new Map(
    (rows ?? []).map((row) => [row.name, { ...describe(row), comment: row.comment ?? undefined } as Found]),
  )
}

function columnOf(row: ColumnRow): Omit<CatalogObject, 'comment'> {
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

function constraintOf({ kind, definition, fault }: ConstraintRow): Omit<CatalogConstraint, 'comment'> {
  return {
    kind: kind === 'c' ? 'check' : kind === 'f' ? 'reference' : 'key',
    definition: definition ?? '',
    fault: fault ?? undefined,
  }
}

/** `CREATE UNIQUE INDEX name ON ONLY table USING btree (a)`: `unique btree (a)` */
function indexOf({ definition, isValid }: IndexRow): Omit<CatalogObject, 'comment'> {
  const [, unique, method] = /^CREATE (UNIQUE )?INDEX .*? USING (.*)$/s.exec(definition ?? '') ?? []
  return {
    definition: `${unique ? 'unique ' : ''}${method ?? ''}`,
    fault: isValid ? undefined : 'not valid: half-built',
  }
}

const ENABLED: Readonly<Record<string, string>> = { D: 'disabled ', R: 'replica ', A: 'always ' }

/** `CREATE [CONSTRAINT] TRIGGER name AFTER INSERT …`: `[constraint] AFTER INSERT …` */
function triggerOf({ definition, enabled }: TriggerRow): Omit<CatalogObject, 'comment'> {
  const [, constraint, rest] =
    /^CREATE (CONSTRAINT )?TRIGGER (?:"(?:[^"]|"")*"|\S+) (.*)$/s.exec(definition ?? '') ?? []
  return { definition: `${ENABLED[enabled] ?? ''}${constraint ? 'constraint ' : ''}${rest ?? ''}` }
}

function functionOf({ definition }: ObjectRow): Omit<CatalogObject, 'comment'> {
  return { definition: (definition ?? 'an aggregate or window function').trimEnd() }
}

function sequenceOf(row: SequenceRow): Omit<CatalogObject, 'comment'> {
  const { type, start, increment, minimum, maximum, cache, isCycle, owner } = row
  const numbers = `start ${start} increment ${increment} minimum ${minimum} maximum ${maximum} cache ${cache}`
  return { definition: `${type} ${numbers}${isCycle ? ' cycle' : ''}${owner ? ` owned by ${owner}` : ''}` }
}
