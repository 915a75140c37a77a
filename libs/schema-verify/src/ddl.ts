import type { TableContract } from './contract.ts'

/** A parsed column declaration. */
export interface Declaration {
  readonly type: string
  readonly collation: string | undefined
  readonly isRequired: boolean
  /** `default now()`, `generated always as identity` */
  readonly value: string | undefined
}

const DECLARATION = /^(.*?)(?: collate (\S+))?( not null)?(?: ((?:default|generated) .*))?$/s

export function parseDeclaration(declaration: string): Declaration {
  const [, type = '', collation, required, value] = DECLARATION.exec(declaration) ?? []
  return { type, collation, isRequired: required !== undefined, value }
}

// PostgreSQL's reserved keywords (SQL Key Words, appendix C).
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create ' +
    'current_catalog current_date current_role current_time current_timestamp current_user default deferrable ' +
    'desc distinct do else end except false fetch for foreign from grant group having in initially intersect ' +
    'into lateral leading limit localtime localtimestamp not null offset on only or order placing primary ' +
    'references returning select session_user some symmetric system_user table then to trailing true union ' +
    'unique user using variadic when where window with'
  ).split(' '),
)

/** Formats a name as SQL, quoted where necessary. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** Formats `schema.name` as SQL. */
export function qualified(name: string): string {
  const dot = name.indexOf('.')
  return `${identifier(name.slice(0, dot))}.${identifier(name.slice(dot + 1))}`
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

export const schemaOf = (table: string): string => table.slice(0, table.indexOf('.'))

/** Expands a contract's short form of an index into its statement. */
export function createIndex(table: string, name: string, short: string, concurrently = false): string {
  const [, unique, method = ''] = /^(unique )?(.*)$/s.exec(short) ?? []
  const words = ['CREATE', ...(unique ? ['UNIQUE'] : []), 'INDEX', ...(concurrently ? ['CONCURRENTLY'] : [])]
  return `${words.join(' ')} ${identifier(name)} ON ${qualified(table)} USING ${method}`
}

/** Prefix of a trigger or rule that is `disabled `, `replica ` or `always `; enabled if there is none. */
const STATE = /^(disabled |replica |always )?/

export function enable(kind: 'TRIGGER' | 'RULE', table: string, name: string, definition: string): string {
  const [wanted = ''] = STATE.exec(definition) ?? []
  const verb = wanted === 'disabled ' ? 'DISABLE ' : `ENABLE ${wanted.toUpperCase()}`
  return `ALTER TABLE ${qualified(table)} ${verb}${kind} ${identifier(name)}`
}

export const withoutState = (definition: string): string => definition.replace(STATE, '')

export const createRule = (name: string, definition: string): string =>
  `CREATE RULE ${identifier(name)} ${withoutState(definition)}`

export const createPolicy = (table: string, name: string, definition: string): string =>
  `CREATE POLICY ${identifier(name)} ON ${qualified(table)} ${definition}`

/** @param security in the contract's notation: `enabled and forced` */
export function setRowSecurity(table: string, security: string): string {
  const [on, force] = [security.startsWith('enabled'), security.endsWith('forced')]
  return (
    `ALTER TABLE ${qualified(table)} ${on ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY, ` +
    `${force ? '' : 'NO '}FORCE ROW LEVEL SECURITY`
  )
}

/** @param identity in the contract's notation: `full`, `using index name` */
export function setReplicaIdentity(table: string, identity: string): string {
  const [, index] = /^using index (.*)$/s.exec(identity) ?? []
  const kind = index === undefined ? identity.toUpperCase() : `USING INDEX ${identifier(index)}`
  return `ALTER TABLE ${qualified(table)} REPLICA IDENTITY ${kind}`
}

/** @param query in the contract's notation: `with (security_invoker=true) SELECT …` */
export function createView(verb: string, name: string, query: string): string {
  const [, options, select = ''] = /^(?:with \(([^)]*)\) )?(.*)$/s.exec(query) ?? []
  return `${verb} ${qualified(name)}${options === undefined ? '' : ` WITH (${options})`} AS ${select}`
}

/** Splits `shop.things FOR VALUES …` into parent and bounds. */
export function parsePartition(partitionOf: string): { readonly parent: string; readonly bounds: string } {
  const [, parent = '', bounds = ''] = /^(.*?) (FOR VALUES .*|DEFAULT)$/s.exec(partitionOf) ?? []
  return { parent, bounds }
}

export function createTrigger(name: string, definition: string): string {
  const [, constraint, rest = ''] = /^(constraint )?(.*)$/s.exec(withoutState(definition)) ?? []
  return `CREATE ${constraint ? 'CONSTRAINT ' : ''}TRIGGER ${identifier(name)} ${rest}`
}

/** `serial` columns create their own sequence. */
const SERIAL: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
}

/** Statements that create a whole table or view with everything on it, for a database that lost it. */
export function createTable(contract: TableContract): string {
  const { table, indexes = {}, triggers = {}, policies = {}, rules = {}, statistics = {} } = contract
  return [
    createRelation(contract),
    ...Object.entries(indexes).map(([name, short]) => createIndex(table, name, short)),
    ...Object.entries(triggers).map(([name, definition]) => createTrigger(name, definition)),
    ...Object.entries(rules).map(([name, definition]) => createRule(name, definition)),
    ...(contract.rowSecurity === undefined ? [] : [setRowSecurity(table, contract.rowSecurity)]),
    ...Object.entries(policies).map(([name, definition]) => createPolicy(table, name, definition)),
    ...Object.entries(statistics).map(([name, rest]) => `CREATE STATISTICS ${qualified(name)} ${rest}`),
    ...(contract.replicaIdentity === undefined ? [] : [setReplicaIdentity(table, contract.replicaIdentity)]),
    ...comments(contract),
  ].join(';\n')
}

function createRelation(contract: TableContract): string {
  const {
    table,
    columns = {},
    constraints = {},
    unnamedConstraints = [],
    partitionBy,
    partitionOf,
  } = contract
  if (contract.view !== undefined) return createView('CREATE VIEW', table, contract.view)
  if (contract.materializedView !== undefined) {
    return createView('CREATE MATERIALIZED VIEW', table, contract.materializedView)
  }
  const by = partitionBy === undefined ? '' : ` PARTITION BY ${partitionBy}`
  const options = contract.options ? ` WITH (${contract.options.join(', ')})` : ''
  if (partitionOf !== undefined) {
    const { parent, bounds } = parsePartition(partitionOf)
    return `CREATE TABLE ${qualified(table)} PARTITION OF ${qualified(parent)} ${bounds}${by}${options}`
  }
  const lines = [
    ...Object.entries(columns).map(([name, declaration]) => `${identifier(name)} ${withSerial(declaration)}`),
    ...Object.entries(constraints).map(
      ([name, definition]) => `CONSTRAINT ${identifier(name)} ${definition}`,
    ),
    ...unnamedConstraints,
  ]
  return `CREATE TABLE ${qualified(table)} (\n  ${lines.join(',\n  ')}\n)${by}${options}`
}

function withSerial(declaration: string): string {
  const { type, value } = parseDeclaration(declaration)
  const serial = SERIAL[type]
  return serial && value?.startsWith("default nextval('") ? serial : declaration
}

function comments(contract: TableContract): string[] {
  const { table, comment, comments: ofColumns = {}, otherComments = {} } = contract
  return [
    ...(comment === undefined ? [] : [commentOn(`${kindOf(contract)} ${table}`, comment)]),
    ...Object.entries(ofColumns).map(([name, text]) => commentOn(`column ${table}.${name}`, text)),
    ...Object.entries(otherComments).map(([object, text]) => commentOn(inTable(object, table), text)),
  ]
}

export type RelationKind = 'table' | 'view' | 'materialized view'

export function kindOf({ view, materializedView }: TableContract): RelationKind {
  return view !== undefined ? 'view' : materializedView !== undefined ? 'materialized view' : 'table'
}

/** Names a table's object as checks do: `index a` as `index public.a`, `constraint a` as `constraint a on public.t`. */
export function inTable(object: string, table: string): string {
  const [kind = '', name = ''] = object.split(/ (.*)/s)
  if (kind === 'statistics') return object
  return kind === 'index' ? `index ${schemaOf(table)}.${name}` : `${kind} ${name} on ${table}`
}

/** @param object in the checks' notation: `column public.posts.urn`, `constraint a on public.posts` */
export function commentOn(object: string, text: string): string {
  const [, kind = '', name = ''] = /^(materialized view|\S+) (.*)$/s.exec(object) ?? []
  return `COMMENT ON ${kind.toUpperCase()} ${nameIn(kind, name)} IS ${literal(text)}`
}

function nameIn(kind: string, name: string): string {
  if (kind === 'schema') return identifier(name)
  if (kind === 'function') return name
  if (['constraint', 'trigger', 'policy', 'rule'].includes(kind)) {
    const at = name.lastIndexOf(' on ')
    return `${identifier(name.slice(0, at))} ON ${qualified(name.slice(at + 4))}`
  }
  if (kind !== 'column') return qualified(name)
  const [schema = '', table = '', ...column] = name.split('.')
  return `${qualified(`${schema}.${table}`)}.${identifier(column.join('.'))}`
}
