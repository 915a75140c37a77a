import type pg from 'pg'

interface TypeRow {
  readonly id: number
  readonly name: string
  /** The type that a domain restricts; 0 otherwise. */
  readonly base: number
  /** Element type of an array; 0 otherwise. */
  readonly element: number
  readonly labels: string[] | null
}

/** The database's types as TypeScript, the way our driver sends and parses them. */
export interface CatalogTypes {
  parameterType(typeId: number): string
  /** @returns undefined for a type that we have not decided on */
  resultType(typeId: number): string | undefined
  /** True if a table's column is declared NOT NULL. */
  isNotNull(tableId: number, columnNumber: number): boolean
}

/** Values that a parameter takes. The driver would send a JavaScript array as a PostgreSQL array, so json is text. */
const PARAMETERS: Readonly<Record<string, string>> = {
  ...{ bool: 'boolean', text: 'string', varchar: 'string', bpchar: 'string', name: 'string', uuid: 'string' },
  ...{ int2: 'number', int4: 'number', int8: 'number', float4: 'number', float8: 'number', oid: 'string' },
  ...{ numeric: 'number | string', json: 'string', jsonb: 'string', bytea: 'Uint8Array', interval: 'string' },
  ...{ timestamptz: 'Date | string', timestamp: 'Date | string', date: 'Date | string', regclass: 'string' },
}

/** The driver's values; libs/postgres parses int8 as a number, but leaves arrays of it as text. */
const RESULTS: Readonly<Record<string, string>> = {
  ...{ bool: 'boolean', text: 'string', varchar: 'string', bpchar: 'string', name: 'string', uuid: 'string' },
  ...{ int2: 'number', int4: 'number', int8: 'number', float4: 'number', float8: 'number', oid: 'number' },
  ...{ numeric: 'string', json: 'unknown', jsonb: 'unknown', bytea: 'Buffer', regclass: 'string' },
  ...{ timestamptz: 'Date', timestamp: 'Date', date: 'Date', void: 'string', xid8: 'string' },
}

export async function readCatalogTypes(client: pg.Client): Promise<CatalogTypes> {
  const { rows } = await client.query<TypeRow>(
    `SELECT t.oid::int AS id, t.typname AS name, t.typbasetype::int AS base,
       CASE WHEN t.typcategory = 'A' THEN t.typelem::int ELSE 0 END AS element,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
     FROM pg_type t`,
  )
  const types = new Map(rows.map((row) => [row.id, row]))
  const columns = await client.query<{ key: string }>(
    `SELECT attrelid || ' ' || attnum AS key FROM pg_attribute WHERE attnotnull AND attnum > 0 AND NOT attisdropped`,
  )
  const notNull = new Set(columns.rows.map(({ key }) => key))
  const scalar = (typeId: number, names: Readonly<Record<string, string>>): string | undefined => {
    const type = types.get(typeId)
    if (!type) return undefined
    if (type.base !== 0) return scalar(type.base, names)
    return type.labels ? type.labels.map((label) => JSON.stringify(label)).join(' | ') : names[type.name]
  }
  return {
    parameterType(typeId) {
      const { element, name } = types.get(typeId)!
      if (element === 0) return scalar(typeId, PARAMETERS) ?? fail(name)
      return `readonly (${scalar(element, PARAMETERS) ?? fail(name)} | null | undefined)[]`
    },
    resultType(typeId) {
      const element = types.get(typeId)!.element
      if (element === 0) return scalar(typeId, RESULTS)
      const type = types.get(element)!.name === 'int8' ? 'string' : scalar(element, RESULTS)
      return type && (/^\w+$/.test(type) ? `${type}[]` : `(${type})[]`)
    },
    isNotNull: (tableId, columnNumber) => notNull.has(`${tableId} ${columnNumber}`),
  }
}

function fail(name: string): never {
  throw new Error(`A parameter has the type ${name}, which has no TypeScript type yet: add it to PARAMETERS`)
}
