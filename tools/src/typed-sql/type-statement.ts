import type pg from 'pg'
import type { CatalogTypes } from './catalog-types.ts'
import { describeStatement, type DescribedColumn } from './describe.ts'
import type { SqlStatement } from './sql-file.ts'

/** A statement with the TypeScript of its types, or with the reason why it has none. */
export type TypedStatement = SqlStatement &
  ({ readonly problem: string } | { readonly problem?: never; readonly values: string; readonly row: string })

/** Takes a statement's types from the server, and its annotations where the server knows less. */
export async function typeStatement(
  client: pg.Client,
  types: CatalogTypes,
  statement: SqlStatement,
): Promise<TypedStatement> {
  try {
    const { parameters, columns } = await describeStatement(client, statement.text)
    const { params, paramTypes } = statement
    if (params.length !== parameters.length) {
      throw new Error(`@params names ${params.length} parameters, but the statement has ${parameters.length}`)
    }
    const values = parameters.map((id, n) => {
      const name = params[n]!
      return `${name}: ${paramTypes.get(name) ?? types.parameterType(id)} | null | undefined`
    })
    const unknown = [...paramTypes.keys()].find((name) => !params.includes(name))
    if (unknown !== undefined) throw new Error(`An annotation names "${unknown}", which is not in @params`)
    assertColumns(statement, columns)
    const row = columns.map((column) => `${column.name}: ${columnType(types, statement, column)}`)
    return { ...statement, values: values.join(', '), row: row.join('; ') }
  } catch (error) {
    return { ...statement, problem: problemOf(error as Error & { position?: string }, statement) }
  }
}

/** Outer joins give null where the table has none, and the description does not show them. */
const OUTER_JOIN = /\b(?:LEFT|RIGHT|FULL)\s+(?:OUTER\s+)?JOIN\b/i

function columnType(types: CatalogTypes, statement: SqlStatement, column: DescribedColumn): string {
  const { name, tableId, columnNumber, typeId } = column
  const type = statement.rowTypes.get(name) ?? types.resultType(typeId)
  if (type === undefined)
    throw new Error(`"${name}" has a type without a TypeScript type: add it, or an @row`)
  const isKnown = types.isNotNull(tableId, columnNumber) && !OUTER_JOIN.test(statement.text)
  return isKnown || statement.notNull.has(name) || type === 'unknown' ? type : `${type} | null`
}

/** @throws if two columns share a name, if one is not a name in TypeScript, or an annotation names none of them */
function assertColumns(statement: SqlStatement, columns: readonly DescribedColumn[]): void {
  const names = new Set<string>()
  for (const { name } of columns) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`Give the column "${name}" a name with AS`)
    if (names.has(name)) throw new Error(`Two columns are named "${name}"`)
    names.add(name)
  }
  for (const name of [...statement.notNull, ...statement.rowTypes.keys()]) {
    if (!names.has(name)) throw new Error(`An annotation names "${name}", which is not a result column`)
  }
}

function problemOf(
  { message, position }: Error & { position?: string },
  { text, line }: SqlStatement,
): string {
  if (position === undefined) return message
  const lines = text.slice(0, Number(position) - 1).split('\n').length
  return `${message} (line ${line + lines - 1})`
}
