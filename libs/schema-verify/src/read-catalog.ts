import type { Sql } from '@mediakeep/sql'
import type { Catalog, CatalogScope, CatalogTable } from './catalog.ts'
import * as objectQueries from './catalog-object-queries.ts'
import * as queries from './catalog-queries.ts'
import * as rows from './catalog-rows.ts'

/** Reads pg_catalog and nothing else. Run it in one snapshot, with the search path `pg_catalog`. */
export async function readCatalog(sql: Sql, scope: CatalogScope): Promise<Catalog> {
  const { schemas, functions = true, access = true } = scope
  const ask = async <Row extends object>(query: string): Promise<Row[]> =>
    (await sql.query<Row>(query, [schemas])).rows
  const found = await ask<rows.ObjectRow>(objectQueries.SCHEMAS)
  return {
    schemas: new Map(found.map((row) => [row.name, row.comment ?? undefined])),
    extensions: rows.named(await ask<rows.ExtensionRow>(objectQueries.EXTENSIONS), rows.extensionOf),
    enums: rows.named(await ask<rows.EnumRow>(objectQueries.ENUMS), rows.enumOf),
    domains: rows.named(await ask<rows.DomainRow>(objectQueries.DOMAINS), rows.domainOf),
    types: rows.named(await ask<rows.ObjectRow>(objectQueries.OTHER_TYPES), rows.objectOf),
    tables: await readTables(sql, scope),
    functions: rows.named(
      functions ? await ask<rows.ObjectRow>(objectQueries.FUNCTIONS) : [],
      rows.functionOf,
    ),
    sequences: rows.named(await ask<rows.SequenceRow>(objectQueries.SEQUENCES), rows.sequenceOf),
    access: new Map(
      (access ? await ask<rows.AccessRow>(objectQueries.ACCESS) : []).map((row) => [row.object, row]),
    ),
  }
}

async function readTables(
  sql: Sql,
  { schemas, tables }: CatalogScope,
): Promise<ReadonlyMap<string, CatalogTable>> {
  const ask = async <Row extends object>(query: string): Promise<Row[]> =>
    (await sql.query<Row>(query, [schemas, tables ?? null])).rows
  const parts = async <Row extends rows.OfTable>(query: string): Promise<ReadonlyMap<string, Row[]>> =>
    Map.groupBy(await ask<Row>(query), ({ table }) => table)

  const found = await ask<rows.TableRow>(queries.TABLES)
  const columns = await parts<rows.ColumnRow>(queries.COLUMNS)
  const constraints = await parts<rows.ConstraintRow>(queries.CONSTRAINTS)
  const indexes = await parts<rows.IndexRow>(queries.INDEXES)
  const triggers = await parts<rows.EnabledRow>(queries.TRIGGERS)
  const policies = await parts<rows.PartRow>(queries.POLICIES)
  const rules = await parts<rows.EnabledRow>(queries.RULES)
  const statistics = await parts<rows.PartRow>(queries.STATISTICS)
  return new Map(
    found.map((row) => [
      row.table,
      {
        ...rows.tableOf(row),
        columns: rows.named(columns.get(row.table), rows.columnOf),
        constraints: rows.named(constraints.get(row.table), rows.constraintOf),
        indexes: rows.named(indexes.get(row.table), rows.indexOf),
        triggers: rows.named(triggers.get(row.table), rows.triggerOf),
        policies: rows.named(policies.get(row.table), rows.objectOf),
        rules: rows.named(rules.get(row.table), rows.ruleOf),
        statistics: rows.named(statistics.get(row.table), rows.objectOf),
      },
    ]),
  )
}

/** Returns objects in these schemas that a contract cannot describe. */
export async function readUnsayable(sql: Sql, schemas: readonly string[]): Promise<string[]> {
  const { rows: found } = await sql.query<{ name: string }>(objectQueries.UNSAYABLE, [schemas])
  return found.map((row) => row.name)
}
