import type { Sql } from '@mediakeep/sql'

/** A table as pg_catalog describes it. */
export interface CatalogTable {
  readonly comment: string | undefined
  readonly columns: ReadonlyMap<string, CatalogColumn>
  readonly constraints: ReadonlyMap<string, string>
  readonly indexes: ReadonlyMap<string, CatalogIndex>
}

interface CatalogColumn {
  readonly type: string
  /** `type [not null] [default expression]` */
  readonly declaration: string
  readonly comment: string | undefined
}

interface CatalogIndex {
  readonly definition: string
  readonly isValid: boolean
}

const COLUMNS = `
  SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "isRequired",
    pg_get_expr(d.adbin, d.adrelid) AS "defaultText",
    CASE WHEN a.attgenerated <> '' THEN 'generated' WHEN a.attidentity <> '' THEN 'identity' END AS kind,
    col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped`

const CONSTRAINTS = `
  SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1::oid`

const INDEXES = `
  SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition,
    i.indisvalid AND i.indisready AND i.indislive AS "isValid"
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::oid`

interface ColumnRow {
  name: string
  type: string
  isRequired: boolean
  defaultText: string | null
  kind: 'generated' | 'identity' | null
  comment: string | null
}

/** Reads one table; undefined when there is none of this name. */
export async function readTable(sql: Sql, table: string): Promise<CatalogTable | undefined> {
  const found = await sql.query<{ oid: string; comment: string | null }>(
    `SELECT c.oid::text, obj_description(c.oid, 'pg_class') AS comment
     FROM pg_class c WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p')`,
    [table],
  )
  const [relation] = found.rows
  if (!relation) return undefined
  const { rows: columns } = await sql.query<ColumnRow>(COLUMNS, [relation.oid])
  const { rows: constraints } = await sql.query<{ name: string; definition: string }>(CONSTRAINTS, [
    relation.oid,
  ])
  const { rows: indexes } = await sql.query<{ name: string } & CatalogIndex>(INDEXES, [relation.oid])
  return {
    comment: relation.comment ?? undefined,
    columns: new Map(columns.map((row) => [row.name, columnOf(row)])),
    constraints: new Map(constraints.map(({ name, definition }) => [name, definition])),
    indexes: new Map(indexes.map(({ name, definition, isValid }) => [name, { definition, isValid }])),
  }
}

function columnOf({ type, isRequired, defaultText, kind, comment }: ColumnRow): CatalogColumn {
  const words = [type]
  if (isRequired) words.push('not null')
  if (kind === 'identity') words.push('identity')
  if (defaultText !== null) words.push(`${kind ?? 'default'} ${defaultText}`)
  return { type, declaration: words.join(' '), comment: comment ?? undefined }
}
