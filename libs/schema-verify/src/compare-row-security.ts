import type { CatalogTable } from './catalog.ts'
import { check } from './check.ts'
import type { Check, TableContract } from './contract.ts'
import { createPolicy, identifier, qualified, setRowSecurity } from './ddl.ts'

/** On other programs' tables, row security is theirs to control, unless our migrations set it. */
export function compareRowSecurity(
  { table, rowSecurity }: TableContract,
  actual: CatalogTable,
  isOurs: boolean,
): Check[] {
  if (rowSecurity === undefined && !isOurs) return []
  const expected = rowSecurity ?? 'disabled'
  return [check(`row security of ${table}`, expected, actual.rowSecurity, setRowSecurity(table, expected))]
}

export function comparePolicies({ table, policies = {} }: TableContract, actual: CatalogTable): Check[] {
  return Object.entries(policies).map(([name, expected]) => {
    const found = actual.policies.get(name)?.definition
    const create = createPolicy(table, name, expected)
    const drop = `DROP POLICY ${identifier(name)} ON ${qualified(table)}`
    const mend = found === undefined ? create : `${drop}; ${create}`
    return check(`policy ${name} on ${table}`, expected, found, mend)
  })
}
