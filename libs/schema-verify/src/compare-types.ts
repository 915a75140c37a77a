import type { Catalog, CatalogDomain } from './catalog.ts'
import { check } from './check.ts'
import type { Check, DomainContract, SchemaContract } from './contract.ts'
import { identifier, literal, parseDeclaration, qualified } from './ddl.ts'

/** Compares extensions, enums, domains, and composite and range types. */
export function compareTypes(contract: SchemaContract, catalog: Catalog): Check[] {
  const { extensions = {}, enums = {}, domains = {}, types = {} } = contract
  return [
    ...Object.entries(extensions).map(([name, version]) => checkExtension(name, version, catalog)),
    ...Object.entries(enums).map(([name, values]) => {
      const found = catalog.enums.get(name)?.values
      return check(`enum ${name}`, list(values), found && list(found), mendEnum(name, values, found))
    }),
    ...Object.entries(domains).map(([name, domain]) => {
      const found = catalog.domains.get(name)
      return check(
        `domain ${name}`,
        domainText(domain.type, domain.constraints),
        found && domainText(found.definition, found.constraints),
        mendDomain(name, domain, found),
      )
    }),
    ...Object.entries(types).map(([name, expected]) => {
      const found = catalog.types.get(name)?.definition
      const mend = found === undefined ? `CREATE TYPE ${qualified(name)} AS ${expected}` : undefined
      return check(`type ${name}`, expected, found, mend)
    }),
  ]
}

/** Extension versions differ between server releases; reports only one that is not its own server's default. */
function checkExtension(name: string, version: string, catalog: Catalog): Check {
  const found = catalog.extensions.get(name)
  const object = `extension ${name}`
  if (!found) return check(object, version, undefined, `CREATE EXTENSION ${identifier(name)}`)
  const isDefault = found.definition === found.defaultVersion
  const mend = `ALTER EXTENSION ${identifier(name)} UPDATE`
  return { ...check(object, version, isDefault ? version : found.definition, mend), severity: 'warning' }
}

const list = (values: readonly string[]): string => values.map(literal).join(', ')

/** PostgreSQL can add and rename enum values, but cannot drop or move them. */
function mendEnum(name: string, wanted: readonly string[], found: readonly string[] | undefined): string {
  if (!found) return `CREATE TYPE ${qualified(name)} AS ENUM (${list(wanted)})`
  const alter = `ALTER TYPE ${qualified(name)}`
  const changed = wanted.filter((value, at) => value !== found[at])
  if (wanted.length === found.length && changed.length === 1) {
    const at = wanted.indexOf(changed[0]!)
    if (!found.includes(wanted[at]!))
      return `${alter} RENAME VALUE ${literal(found[at]!)} TO ${literal(wanted[at]!)}`
  }
  const kept = wanted.filter((value) => found.includes(value))
  if (kept.join('\0') !== found.join('\0')) {
    return `write a migration that makes ${name} again with (${list(wanted)}) and converts its columns: PostgreSQL cannot drop or move a value`
  }
  return wanted
    .map((value, at) => {
      if (found.includes(value)) return ''
      const place = at === 0 ? ` BEFORE ${literal(found[0] ?? '')}` : ` AFTER ${literal(wanted[at - 1]!)}`
      return `${alter} ADD VALUE ${literal(value)}${found.length === 0 ? '' : place}`
    })
    .filter(Boolean)
    .join('; ')
}

function domainText(type: string, constraints: DomainContract['constraints'] = {}): string {
  const parts = Object.entries(constraints)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, definition]) => ` constraint ${name} ${definition}`)
  return `${type}${parts.join('')}`
}

function mendDomain(
  name: string,
  wanted: DomainContract,
  found: CatalogDomain | undefined,
): string | undefined {
  const constraints = wanted.constraints ?? {}
  if (!found) {
    const parts = Object.entries(constraints).map(([key, text]) => ` CONSTRAINT ${identifier(key)} ${text}`)
    return `CREATE DOMAIN ${qualified(name)} AS ${wanted.type}${parts.join('')}`
  }
  const [type, is] = [parseDeclaration(wanted.type), parseDeclaration(found.definition)]
  if (type.type !== is.type || type.collation !== is.collation) {
    return `write a migration that makes ${name} again as ${wanted.type} and converts its columns: PostgreSQL cannot alter a domain's type`
  }
  const actions = [
    ...(type.value === is.value ? [] : [type.value ? `SET ${type.value}` : 'DROP DEFAULT']),
    ...(type.isRequired === is.isRequired ? [] : [`${type.isRequired ? 'SET' : 'DROP'} NOT NULL`]),
    ...Object.keys(found.constraints)
      .filter((key) => found.constraints[key] !== constraints[key] && !isNotValid(key))
      .map((key) => `DROP CONSTRAINT ${identifier(key)}`),
    ...Object.entries(constraints)
      .filter(([key, text]) => found.constraints[key] !== text)
      .map(([key, text]) =>
        isNotValid(key)
          ? `VALIDATE CONSTRAINT ${identifier(key)}`
          : `ADD CONSTRAINT ${identifier(key)} ${text}`,
      ),
  ]
  return actions.map((action) => `ALTER DOMAIN ${qualified(name)} ${action}`).join('; ')

  function isNotValid(key: string): boolean {
    return found?.constraints[key] === `${constraints[key] ?? ''} NOT VALID`
  }
}
