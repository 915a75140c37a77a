import type { Catalog } from './catalog.ts'
import { check } from './check.ts'
import type { Check, SchemaContract } from './contract.ts'
import { identifier, qualified, schemaOf } from './ddl.ts'

export interface AccessOptions {
  /** Compare the owners of objects in schemas that are wholly ours. */
  readonly owners?: boolean | undefined
  /** Compare the grants on them. */
  readonly grants?: boolean | undefined
}

/**
 * Compares owners and grants. The contract names no owner for most objects, because roles differ between
 * installations: the expected owner is the role that owns most of them.
 */
export function compareAccess(
  contract: SchemaContract,
  catalog: Catalog,
  { owners = false, grants = false }: AccessOptions,
): Check[] {
  const objects = objectsOf(contract).filter((object) => catalog.access.has(object))
  const usual = usualOwner(objects, catalog)
  return objects.flatMap((object) => {
    const { owner, isOwned, grants: found } = catalog.access.get(object)!
    const expected = contract.owners?.[object] ?? usual
    const alter = `ALTER ${nameOf(object)} OWNER TO ${identifier(expected)}`
    const wanted = contract.grants?.[object] ?? []
    return [
      ...(owners && !isOwned ? [check(`owner of ${object}`, expected, owner, alter)] : []),
      ...(grants
        ? [check(`grants on ${object}`, text(wanted), text(found), mendGrants(object, wanted, found, owner))]
        : []),
    ]
  })
}

/** Objects in our schemas, and objects in other schemas for which the contract lists an owner or grants. */
function objectsOf(contract: SchemaContract): string[] {
  const {
    schemas = {},
    tables,
    functions = {},
    sequences = {},
    enums = {},
    domains = {},
    types = {},
  } = contract
  const names = [
    ...tables.map(({ table }) => `table ${table}`),
    ...Object.keys(functions).map((name) => `function ${name}`),
    ...Object.keys(sequences).map((name) => `sequence ${name}`),
    ...Object.keys({ ...enums, ...domains, ...types }).map((name) => `type ${name}`),
  ]
  const isOurs = (object: string): boolean =>
    Object.hasOwn(schemas, schemaOf(object.slice(object.indexOf(' ') + 1))) ||
    Object.hasOwn(contract.owners ?? {}, object) ||
    Object.hasOwn(contract.grants ?? {}, object)
  return [...Object.keys(schemas).map((name) => `schema ${name}`), ...new Set(names.filter(isOurs))]
}

/** The role that owns most of these objects. */
export function usualOwner(objects: readonly string[], catalog: Catalog): string {
  const counts = new Map<string, number>()
  for (const object of objects) {
    const access = catalog.access.get(object)
    if (access) counts.set(access.owner, (counts.get(access.owner) ?? 0) + 1)
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? ''
}

const text = (grants: readonly string[]): string => [...grants].sort().join(', ') || 'none'

const GRANT = /^(grant|revoke) (.+) (?:to|from) (public|its owner|"(?:[^"]|"")*"|\S+)( with grant option)?$/

function mendGrants(
  object: string,
  wanted: readonly string[],
  found: readonly string[],
  owner: string,
): string {
  const statement = (grant: string, isUndone: boolean): string => {
    const [, verb, privilege = '', to = '', option = ''] = GRANT.exec(grant) ?? []
    const role = to === 'its owner' ? identifier(owner) : to === 'public' ? 'PUBLIC' : to
    const on = `${privilege} ON ${nameOf(object)}`
    return (verb === 'grant') === isUndone
      ? `REVOKE ${on} FROM ${role}`
      : `GRANT ${on} TO ${role}${option.toUpperCase()}`
  }
  return [
    ...found.filter((grant) => !wanted.includes(grant)).map((grant) => statement(grant, true)),
    ...wanted.filter((grant) => !found.includes(grant)).map((grant) => statement(grant, false)),
  ].join('; ')
}

/** `table shop.things`: `TABLE shop.things` */
function nameOf(object: string): string {
  const [kind = '', name = ''] = object.split(/ (.*)/s)
  const isPlain = kind === 'function' || kind === 'schema'
  return `${kind.toUpperCase()} ${kind === 'schema' ? identifier(name) : isPlain ? name : qualified(name)}`
}
