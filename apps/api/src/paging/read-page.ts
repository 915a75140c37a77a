import { type Bind, type Conditions, type Sql, type SqlOptions, parameters } from '@mediakeep/sql'
import { encodeCursor, type Position } from './cursor.ts'
import type { Window } from './window.ts'

/** The source of rows: the select list, the FROM clause and the conditions of a statement. */
export interface Source {
  readonly columns: string
  readonly from: string | ((bind: Bind) => string)
  readonly where: Conditions
  /** Its conditions read many rows, as a search does. */
  readonly isSlow?: boolean
}

export interface Edge<Row> {
  readonly cursor: string
  readonly node: Row
}

export interface Page<Row> {
  readonly edges: Edge<Row>[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

/** Columns read in addition to the row: its position, for the cursor. */
interface Placed {
  '@value': string | null
  '@key': string
}

/** The two parts of a list: rows with a value in the order's column, then rows without one. */
type Part = 'valued' | 'unvalued'

/**
 * Reads one page by keyset. Comparing rows by the index's own columns makes page 1,000 as cheap as page 1. An OR of
 * conditions would not use the index, so rows without a value form a separate part, read when it is reached.
 */
export async function readPage<Row extends object>(
  sql: Sql,
  source: Source,
  window: Window,
): Promise<Page<Row>> {
  const rows: (Row & Placed)[] = []
  for (const part of partsOf(window)) {
    const wanted = window.size + 1 - rows.length
    if (wanted <= 0) break
    const { values, bind } = parameters()
    const text = statement(source, window, part, bind, wanted)
    const read = await sql.query<Row & Placed>(text, values, { weight: weightOf(source) })
    rows.push(...read.rows)
  }
  return toPage(rows, window)
}

/** Stored JSON may have a megabyte in each row. */
const LARGE_COLUMNS = /\.(raw_json|ai_analysis|ai_analysis_log)\b/

export function weightOf({ columns, isSlow }: Source): SqlOptions['weight'] {
  if (LARGE_COLUMNS.test(columns)) return 'large'
  return isSlow ? 'slow' : undefined
}

/** SQL: the FROM clause of a source. */
export function fromOf({ from }: Pick<Source, 'from'>, bind: Bind): string {
  return typeof from === 'string' ? from : from(bind)
}

/** Counts the rows of a source, in a statement of its own. */
export async function countRows(sql: Sql, source: Omit<Source, 'columns'>): Promise<number> {
  const { values, bind } = parameters()
  const counted = await sql.query<{ total: number }>(
    `SELECT count(*) AS total FROM ${fromOf(source, bind)} WHERE ${['true', ...source.where(bind)].join(' AND ')}`,
    values,
    { weight: 'slow' },
  )
  return counted.rows[0]!.total
}

/** SQL: reads up to `limit` rows of one part of a window; an extra row shows that there are more. */
export function statement(source: Source, window: Window, part: Part, bind: Bind, limit: number): string {
  const { order, backward } = window
  const direction = order.descending === backward ? 'ASC' : 'DESC'
  const sorted = part === 'valued' ? [order.column, order.key] : [order.key]
  const where = [...source.where(bind), ...bounds(window, part, bind)]
  return `SELECT ${source.columns}, ${order.kind.write(order.column)} AS "@value", (${order.key})::text AS "@key"
    FROM ${fromOf(source, bind)} WHERE ${where.length > 0 ? where.join(' AND ') : 'true'}
    ORDER BY ${sorted.map((column) => `${column} ${direction}`).join(', ')} LIMIT ${bind(limit)}${window.skip > 0 ? ` OFFSET ${bind(window.skip)}` : ''}`
}

function bounds({ order, after, before }: Window, part: Part, bind: Bind): string[] {
  const bound = (position: Position | undefined, isStart: boolean): string[] => {
    if (position === undefined || (position.value === null) !== (part === 'unvalued')) return []
    const comparison = order.descending === isStart ? '<' : '>'
    const key = order.keyKind.read(bind(position.key))
    if (position.value === null) return [`${order.key} ${comparison} ${key}`]
    return [
      `(${order.column}, ${order.key}) ${comparison} (${order.kind.read(bind(position.value))}, ${key})`,
    ]
  }
  const present = `${order.column} IS ${part === 'valued' ? 'NOT ' : ''}NULL`
  return [...(order.nullable ? [present] : []), ...bound(after, true), ...bound(before, false)]
}

function partsOf({ order, backward, after, before, skip }: Window): Part[] {
  // Skipped rows of the first part are not counted, so a skip stays within that part.
  if (!order.nullable || skip > 0) return ['valued']
  const parts: Part[] = []
  if (after?.value !== null) parts.push('valued')
  if (before === undefined || before.value === null) parts.push('unvalued')
  return backward ? parts.reverse() : parts
}

/** Builds a page from rows in the order they were read; one row more than the page size means there are more. */
export function toPage<Row extends object>(rows: (Row & Placed)[], window: Window): Page<Row> {
  const { order, size, backward, after, before, skip } = window
  const more = rows.length > size
  const kept = more ? rows.slice(0, size) : rows
  if (backward) kept.reverse()
  const edges = kept.map((node) => ({
    cursor: encodeCursor(order.name, { value: node['@value'], key: node['@key'] }),
    node,
  }))
  return {
    edges,
    pageInfo: {
      hasNextPage: backward ? before !== undefined : more,
      hasPreviousPage: backward ? more : after !== undefined || skip > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
