import type { CatalogConstraint, CatalogObject, CatalogTable } from './catalog.ts'
import { check, describe, MISSING } from './check.ts'
import type { Check, TableContract } from './contract.ts'
import { createIndex, identifier, qualified, schemaOf } from './ddl.ts'

export function compareConstraints(contract: TableContract, actual: CatalogTable): Check[] {
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

/** Finds an object with the same definition that no contract names. */
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

/** A key's index can be rebuilt; a foreign key's triggers must be enabled on both of its tables. */
function mendFault(table: string, { kind, definition }: CatalogConstraint): string {
  if (kind === 'key') return `REINDEX TABLE CONCURRENTLY ${qualified(table)}`
  const [, other] = / REFERENCES (\S+?)\(/.exec(definition) ?? []
  const tables = [qualified(table), ...(other && other !== table ? [other] : [])]
  return tables.map((name) => `ALTER TABLE ${name} ENABLE TRIGGER ALL`).join('; ')
}

export function compareIndexes({ table, indexes = {} }: TableContract, actual: CatalogTable): Check[] {
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
