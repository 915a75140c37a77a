import type { CatalogObject, CatalogTable } from './catalog.ts'
import { checkExtra, describe } from './check.ts'
import type { Check, TableContract } from './contract.ts'
import { identifier, parseDeclaration, qualified, schemaOf } from './ddl.ts'

type Objects = ReadonlyMap<string, CatalogObject>

/**
 * Finds everything on one of our tables that the contract does not name and that makes our writes fail, changes them,
 * or decides who sees the rows: constraints, unique indexes, required columns without a default, triggers, rules and
 * policies. Other columns and indexes are harmless.
 */
export function compareExtras(contract: TableContract, actual: CatalogTable): Check[] {
  const { table, columns = {}, constraints = {}, unnamedConstraints = [], indexes = {} } = contract
  const { triggers = {}, rules = {}, policies = {} } = contract
  const alter = `ALTER TABLE ${qualified(table)}`
  const on = (name: string): string => `${identifier(name)} ON ${qualified(table)}`
  const index = (name: string): string => `${identifier(schemaOf(table))}.${identifier(name)}`
  const isUnique = ({ definition }: CatalogObject): boolean => definition.startsWith('unique ')
  const failsInserts = ({ definition }: CatalogObject): boolean => {
    const { isRequired, value } = parseDeclaration(definition)
    return isRequired && value === undefined
  }
  const isNamed = (name: string): boolean => contract.replicaIdentity === `using index ${name}`
  return [
    ...extras(actual.triggers, triggers).map(([name, text]) =>
      checkExtra(`trigger ${name} on ${table}`, text, `DROP TRIGGER ${on(name)}`),
    ),
    ...extras(actual.rules, rules).map(([name, text]) =>
      checkExtra(`rule ${name} on ${table}`, text, `DROP RULE ${on(name)}`),
    ),
    ...extras(actual.policies, policies).map(([name, text]) =>
      checkExtra(`policy ${name} on ${table}`, text, `DROP POLICY ${on(name)}`),
    ),
    ...extras(actual.constraints, constraints, unnamedConstraints).map(([name, text]) =>
      checkExtra(
        `constraint ${name} on ${table}`,
        text,
        `${alter} DROP CONSTRAINT IF EXISTS ${identifier(name)}`,
      ),
    ),
    ...extras(actual.indexes, indexes, [], isUnique)
      .filter(([name]) => !isNamed(name))
      .map(([name, text]) =>
        checkExtra(
          `index ${schemaOf(table)}.${name}`,
          text,
          `DROP INDEX CONCURRENTLY IF EXISTS ${index(name)}`,
        ),
      ),
    ...(contract.columns === undefined ? [] : extras(actual.columns, columns, [], failsInserts)).map(
      ([name, text]) =>
        checkExtra(
          `column ${table}.${name}`,
          text,
          `${alter} ALTER COLUMN ${identifier(name)} DROP NOT NULL`,
        ),
    ),
  ]
}

/** Returns the unnamed objects. Skips a renamed one, which is reported under the name the contract gives it. */
function extras(
  actual: Objects,
  named: Readonly<Record<string, string>>,
  unnamed: readonly string[] = [],
  isHarmful: (object: CatalogObject) => boolean = () => true,
): [string, string][] {
  const missing = Object.entries(named).filter(([name]) => !actual.has(name))
  const isRenamed = (object: CatalogObject): boolean =>
    unnamed.includes(object.definition) || missing.some(([, definition]) => definition === object.definition)
  return [...actual]
    .filter(([name, object]) => !Object.hasOwn(named, name) && isHarmful(object) && !isRenamed(object))
    .map(([name, object]) => [name, describe(object)!])
}
