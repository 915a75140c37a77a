import type { CatalogConstraint, CatalogObject, CatalogTable } from './catalog.ts'
import { check, checkComment, describe, MISSING } from './check.ts'
import type { Check, TableContract } from './contract.ts'
import {
  createIndex,
  createTable,
  createTrigger,
  identifier,
  inTable,
  parseDeclaration,
  qualified,
  schemaOf,
} from './ddl.ts'

/** One check an object of a table; where no table stands, one in all. */
export function compareTable(contract: TableContract, actual: CatalogTable | undefined): Check[] {
  const there = checkTable(contract, actual)
  if (!actual || !/table$/.test(actual.kind)) return [there]
  return [
    there,
    ...compareOptions(contract, actual),
    ...compareColumns(contract, actual),
    ...compareConstraints(contract, actual),
    ...compareIndexes(contract, actual),
    ...compareTriggers(contract, actual),
    ...compareComments(contract, actual),
  ]
}

function checkTable(contract: TableContract, actual: CatalogTable | undefined): Check {
  const { table } = contract
  if (!actual) return check(`table ${table}`, 'table', undefined, createTable(contract))
  const isUnlogged = actual.kind === 'unlogged table'
  return check(
    `table ${table}`,
    'table',
    actual.kind === 'partitioned table' ? 'table' : actual.kind,
    isUnlogged ? `ALTER TABLE ${qualified(table)} SET LOGGED` : undefined,
  )
}

function compareOptions({ table, options }: TableContract, actual: CatalogTable): Check[] {
  if (!options) return []
  const found = actual.options.filter((option) =>
    options.some((expected) => expected.split('=')[0] === option.split('=')[0]),
  )
  const mend = `ALTER TABLE ${qualified(table)} SET (${options.join(', ')})`
  return [
    check(
      `options of table ${table}`,
      options.join(', '),
      found.length > 0 ? found.join(', ') : undefined,
      mend,
    ),
  ]
}

function compareColumns({ table, columns = {} }: TableContract, actual: CatalogTable): Check[] {
  return Object.entries(columns).map(([name, expected]) => {
    const found = actual.columns.get(name)
    const mend = found
      ? alterColumn(table, name, expected, found)
      : `ALTER TABLE ${qualified(table)} ADD COLUMN ${identifier(name)} ${expected}`
    return check(`column ${table}.${name}`, expected, describe(found), mend)
  })
}

function alterColumn(table: string, name: string, expected: string, found: CatalogObject): string {
  const [wanted, is] = [parseDeclaration(expected), parseDeclaration(found.definition)]
  const isRetyped = wanted.type !== is.type || wanted.collation !== is.collation
  const collation = wanted.collation === undefined ? '' : ` COLLATE ${wanted.collation}`
  const actions = [
    // The default may not fit the other type.
    ...(isRetyped && is.value?.startsWith('default') ? ['DROP DEFAULT'] : []),
    ...(isRetyped ? [`TYPE ${wanted.type}${collation} USING ${identifier(name)}::text::${wanted.type}`] : []),
    ...alterValue(wanted.value, isRetyped && is.value?.startsWith('default') ? undefined : is.value),
    ...(wanted.isRequired === is.isRequired && found.fault === undefined
      ? []
      : [`${wanted.isRequired ? 'SET' : 'DROP'} NOT NULL`]),
  ]
  const alterations = actions.map((action) =>
    action.startsWith('VALIDATE') ? action : `ALTER COLUMN ${identifier(name)} ${action}`,
  )
  return `ALTER TABLE ${qualified(table)} ${alterations.join(', ')}`
}

function alterValue(wanted: string | undefined, is: string | undefined): string[] {
  if (wanted === is) return []
  const identity = / as identity$/
  if (wanted && identity.test(wanted) && is && identity.test(is)) {
    return [`SET ${wanted.replace(/ as identity$/, '')}`]
  }
  const drop = !is
    ? []
    : identity.test(is)
      ? ['DROP IDENTITY']
      : is.startsWith('generated')
        ? ['DROP EXPRESSION']
        : ['DROP DEFAULT']
  if (wanted?.startsWith('default'))
    return [...drop.filter((action) => action !== 'DROP DEFAULT'), `SET ${wanted}`]
  return [...drop, ...(wanted ? [`ADD ${wanted}`] : [])]
}

function compareConstraints(contract: TableContract, actual: CatalogTable): Check[] {
  const { table, constraints = {}, unnamedConstraints = [] } = contract
  const known = new Set(Object.keys(constraints))
  const named = Object.entries(constraints).map(([name, expected]) => {
    const found = actual.constraints.get(name)
    const renamed = found ? undefined : renamedTo(actual.constraints, known, expected)
    const object = `constraint ${name} on ${table}`
    return check(
      object,
      expected,
      describe(found) ?? renamed?.text,
      mendConstraint(table, name, expected, found, renamed),
    )
  })
  const all = [...actual.constraints.values()]
  const unnamed = unnamedConstraints.map((expected) => {
    const found = all.find(({ definition }) => definition === expected)
    const notValid = all.some(({ definition }) => definition === `${expected} NOT VALID`)
    return check(
      `constraint ${expected} on ${table}`,
      expected,
      describe(found) ?? (notValid ? `${expected} NOT VALID` : undefined),
      found?.fault ? mendFault(table, found) : `ALTER TABLE ${qualified(table)} ADD ${expected}`,
    )
  })
  return [...named, ...unnamed]
}

interface Renamed {
  readonly name: string
  readonly text: string
}

/** An object of the same definition that no contract names. */
function renamedTo(
  objects: ReadonlyMap<string, CatalogObject>,
  known: ReadonlySet<string>,
  definition: string,
): Renamed | undefined {
  for (const [name, object] of objects) {
    if (object.definition === definition && !known.has(name)) {
      return { name, text: `${MISSING}; ${name} is the same` }
    }
  }
  return undefined
}

function mendConstraint(
  table: string,
  name: string,
  expected: string,
  found: CatalogConstraint | undefined,
  renamed: Renamed | undefined,
): string {
  const alter = `ALTER TABLE ${qualified(table)}`
  if (renamed) return `${alter} RENAME CONSTRAINT ${identifier(renamed.name)} TO ${identifier(name)}`
  const add = `${alter} ADD CONSTRAINT ${identifier(name)} ${expected}`
  if (!found) return add
  if (found.definition === expected && found.fault) return mendFault(table, found)
  if (found.definition === `${expected} NOT VALID`) return `${alter} VALIDATE CONSTRAINT ${identifier(name)}`
  return `${alter} DROP CONSTRAINT ${identifier(name)}${found.kind === 'key' ? ' CASCADE' : ''}; ${add}`
}

/** A key's index can be built again; triggers of a foreign key are enabled on both of its tables. */
function mendFault(table: string, { kind, definition }: CatalogConstraint): string {
  if (kind === 'key') return `REINDEX TABLE CONCURRENTLY ${qualified(table)}`
  const [, other] = / REFERENCES (\S+?)\(/.exec(definition) ?? []
  const tables = [qualified(table), ...(other && other !== table ? [other] : [])]
  return tables.map((name) => `ALTER TABLE ${name} ENABLE TRIGGER ALL`).join('; ')
}

function compareIndexes({ table, indexes = {} }: TableContract, actual: CatalogTable): Check[] {
  const schema = schemaOf(table)
  const known = new Set(Object.keys(indexes))
  return Object.entries(indexes).map(([name, expected]) => {
    const found = actual.indexes.get(name)
    const renamed = found ? undefined : renamedTo(actual.indexes, known, expected)
    const index = `${identifier(schema)}.${identifier(name)}`
    const create = createIndex(table, name, expected, true)
    const mend = renamed
      ? `ALTER INDEX ${identifier(schema)}.${identifier(renamed.name)} RENAME TO ${identifier(name)}`
      : !found
        ? create
        : found.definition === expected
          ? `REINDEX INDEX CONCURRENTLY ${index}`
          : `DROP INDEX CONCURRENTLY ${index}; ${create}`
    return check(`index ${schema}.${name}`, expected, describe(found) ?? renamed?.text, mend)
  })
}

function compareTriggers({ table, triggers = {} }: TableContract, actual: CatalogTable): Check[] {
  return Object.entries(triggers).map(([name, expected]) => {
    const found = actual.triggers.get(name)
    return check(
      `trigger ${name} on ${table}`,
      expected,
      found?.definition,
      mendTrigger(table, name, expected, found?.definition),
    )
  })
}

function mendTrigger(table: string, name: string, expected: string, found: string | undefined): string {
  const state = /^(disabled |replica |always )?/
  const alter = `ALTER TABLE ${qualified(table)}`
  const [wanted = ''] = state.exec(expected) ?? []
  const enable =
    wanted === 'disabled '
      ? `${alter} DISABLE TRIGGER ${identifier(name)}`
      : `${alter} ENABLE ${wanted.toUpperCase()}TRIGGER ${identifier(name)}`
  if (found?.replace(state, '') === expected.replace(state, '')) return enable
  const drop = found === undefined ? '' : `DROP TRIGGER ${identifier(name)} ON ${qualified(table)}; `
  return `${drop}${createTrigger(name, expected)}${wanted ? `; ${enable}` : ''}`
}

function compareComments(contract: TableContract, actual: CatalogTable): Check[] {
  const { table, comment, comments = {}, otherComments = {} } = contract
  const all = { index: actual.indexes, constraint: actual.constraints, trigger: actual.triggers }
  return [
    ...(comment === undefined ? [] : [checkComment(`table ${table}`, comment, actual.comment)]),
    ...Object.entries(comments).map(([name, expected]) =>
      checkComment(`column ${table}.${name}`, expected, actual.columns.get(name)?.comment),
    ),
    ...Object.entries(otherComments).map(([object, expected]) => {
      const [kind, name = ''] = object.split(/ (.*)/s)
      const found = all[kind as keyof typeof all].get(name)?.comment
      return checkComment(inTable(object, table), expected, found)
    }),
  ]
}
