import type { CatalogObject, CatalogTable } from './catalog.ts'
import { check, describe } from './check.ts'
import type { Check, TableContract } from './contract.ts'
import { identifier, parseDeclaration, qualified } from './ddl.ts'

export function compareColumns({ table, columns = {} }: TableContract, actual: CatalogTable): Check[] {
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
    // The default may not fit the new type.
    ...(isRetyped && is.value?.startsWith('default') ? ['DROP DEFAULT'] : []),
    ...(isRetyped ? [`TYPE ${wanted.type}${collation} USING ${identifier(name)}::text::${wanted.type}`] : []),
    ...alterValue(wanted.value, isRetyped && is.value?.startsWith('default') ? undefined : is.value),
    ...(wanted.isRequired === is.isRequired && found.fault === undefined
      ? []
      : [`${wanted.isRequired ? 'SET' : 'DROP'} NOT NULL`]),
  ]
  const alterations = actions.map((action) => `ALTER COLUMN ${identifier(name)} ${action}`)
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
