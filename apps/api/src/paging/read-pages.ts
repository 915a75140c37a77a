import { type Sql, parameters } from '@mediakeep/sql'
import { statement, toPage, weightOf, type Page, type Source } from './read-page.ts'
import type { Window } from './window.ts'

/**
 * Reads the same page for many parents in one statement, so that a connection below a list does not need one per row.
 * The source's conditions refer to the parent's value as `parent.value` and its id as `parent.id`. The order's column
 * must not be null.
 */
export async function readPages<Row extends object>(
  sql: Sql,
  source: Source,
  window: Window,
  parents: readonly { readonly id: string; readonly value: string }[],
): Promise<Map<string, Page<Row>>> {
  const { values, bind } = parameters()
  const ids = bind(parents.map((parent) => parent.id))
  const given = bind(parents.map((parent) => parent.value))
  const read = await sql.query<Row & { '@value': string | null; '@key': string; '@parent': string }>(
    `SELECT parent.id AS "@parent", child.*
     FROM unnest(${ids}::text[], ${given}::text[]) WITH ORDINALITY AS parent (id, value, ordinal)
     CROSS JOIN LATERAL (${statement(source, window, 'valued', bind, window.size + 1)}) child
     ORDER BY parent.ordinal`,
    values,
    { weight: weightOf(source) },
  )
  const rows = Map.groupBy(read.rows, (row) => row['@parent'])
  return new Map(parents.map(({ id }) => [id, toPage<Row>(rows.get(id) ?? [], window)]))
}
