import type { Database } from '@mediakeep/sql'
import { readTable, type CatalogTable } from './catalog.ts'
import type { Check, Severity, TableContract } from './contract.ts'

const MISSING = 'missing'

/**
 * Holds a database against contracts, one check an object. Reads pg_catalog and nothing else, in one read-only
 * snapshot; tables, columns, indexes and views that no contract names are not looked at.
 */
export async function verifySchema(
  database: Database,
  contracts: readonly TableContract[],
): Promise<Check[]> {
  return database.transaction(async (sql) => {
    await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    // Definitions name a table with or without its schema, as the search path has it.
    await sql.query("SELECT set_config('search_path', 'pg_catalog', true)")
    const checks: Check[] = []
    for (const contract of contracts) {
      checks.push(...compare(contract, await readTable(sql, contract.table)))
    }
    // Several contracts may speak of one table.
    const isFirst = ({ object }: Check, at: number): boolean =>
      checks.findIndex((check) => check.object === object) === at
    return checks.filter((check, at) => !check.object.startsWith('table ') || isFirst(check, at))
  })
}

function compare(contract: TableContract, actual: CatalogTable | undefined): Check[] {
  const { table } = contract
  const there: Check = {
    object: `table ${table}`,
    expected: 'present',
    actual: actual ? 'present' : MISSING,
    ok: actual !== undefined,
    severity: 'error',
  }
  if (!actual) return [there]
  return [
    there,
    ...compareColumns(contract, actual),
    ...compareComments(contract, actual),
    ...compareConstraints(contract, actual),
    ...compareIndexes(table, contract.indexes, actual, 'error'),
    ...compareIndexes(table, contract.helpfulIndexes, actual, 'warning'),
  ]
}

function compareColumns(
  { table, columns = {}, columnTypes = {} }: TableContract,
  actual: CatalogTable,
): Check[] {
  const whole = Object.entries(columns).map(([name, expected]) => {
    const column = actual.columns.get(name)
    return check(`column ${table}.${name}`, expected, column?.declaration, {
      mend: column
        ? alterColumn(table, name, expected)
        : `ALTER TABLE ${table} ADD COLUMN ${name} ${expected}`,
    })
  })
  const types = Object.entries(columnTypes).map(([name, expected]) =>
    check(`column ${table}.${name}`, expected, actual.columns.get(name)?.type),
  )
  return [...whole, ...types]
}

function alterColumn(table: string, name: string, expected: string): string {
  const [, type, required, value] = /^(.*?)( not null)?(?: default (.*))?$/s.exec(expected)!
  const actions = [
    `TYPE ${type!}`,
    value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`,
    `${required ? 'SET' : 'DROP'} NOT NULL`,
  ]
  return `ALTER TABLE ${table} ${actions.map((action) => `ALTER COLUMN ${name} ${action}`).join(', ')}`
}

function compareComments({ table, comment, comments = {} }: TableContract, actual: CatalogTable): Check[] {
  const of = (object: string, expected: string, found: string | undefined): Check =>
    check(`comment on ${object}`, expected, found, {
      mend: `COMMENT ON ${object.replace(/^\w+/, (kind) => kind.toUpperCase())} IS ${literal(expected)}`,
    })
  const onTable = comment === undefined ? [] : [of(`table ${table}`, comment, actual.comment)]
  const onColumns = Object.entries(comments).map(([name, expected]) =>
    of(`column ${table}.${name}`, expected, actual.columns.get(name)?.comment),
  )
  return [...onTable, ...onColumns]
}

function compareConstraints(contract: TableContract, actual: CatalogTable): Check[] {
  const { table, constraints = {}, unnamedConstraints = [] } = contract
  const named = Object.entries(constraints).map(([name, expected]) => {
    const found = actual.constraints.get(name)
    const add = `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${expected}`
    const validate = `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}`
    const replace = `ALTER TABLE ${table} DROP CONSTRAINT ${name}; ${add}`
    const mend = found === undefined ? add : found === `${expected} NOT VALID` ? validate : replace
    return check(`constraint ${name} on ${table}`, expected, found, { mend })
  })
  const definitions = [...actual.constraints.values()]
  const unnamed = unnamedConstraints.map((expected) =>
    check(
      `constraint on ${table}`,
      expected,
      definitions.find((found) => found === expected),
      { mend: `ALTER TABLE ${table} ADD ${expected}` },
    ),
  )
  return [...named, ...unnamed]
}

function compareIndexes(
  table: string,
  expectations: Readonly<Record<string, string>> = {},
  actual: CatalogTable,
  severity: Severity,
): Check[] {
  const schema = table.slice(0, table.indexOf('.'))
  return Object.entries(expectations).map(([name, short]) => {
    const expected = indexDefinition(table, name, short)
    const index = actual.indexes.get(name)
    const create = expected.replace(/INDEX/, 'INDEX CONCURRENTLY')
    const object = `index ${schema}.${name}`
    if (!index) return check(object, expected, undefined, { severity, mend: create })
    const isHalfBuilt = index.definition === expected && !index.isValid
    return check(
      object,
      expected,
      index.isValid ? index.definition : `${index.definition} (not valid: half-built)`,
      {
        severity,
        mend: isHalfBuilt
          ? `REINDEX INDEX CONCURRENTLY ${schema}.${name}`
          : `DROP INDEX CONCURRENTLY ${schema}.${name}; ${create}`,
      },
    )
  })
}

/** The statement, as pg_get_indexdef prints it, behind a contract's short form. */
export function indexDefinition(table: string, name: string, short: string): string {
  const [, unique, method] = /^(unique )?(.*)$/s.exec(short)!
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table} USING ${method!}`
}

function check(
  object: string,
  expected: string,
  actual: string | undefined,
  options: { readonly severity?: Severity; readonly mend?: string } = {},
): Check {
  const { severity = 'error', mend } = options
  const ok = actual === expected
  return { object, expected, actual: actual ?? MISSING, ok, severity, ...(ok || !mend ? {} : { mend }) }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
