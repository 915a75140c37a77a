import type { SchemaContract, TableContract } from './contract.ts'
import { identifier, kindOf, parseDeclaration, qualified, schemaOf } from './ddl.ts'
import { mutation, ofComment, type Mutation } from './mutation.ts'
import { ofAccess, ofExtras } from './mutations-of-ownership.ts'
import { ofPartition, ofRowSecurity, ofRulesAndStatistics, ofTypes, ofView } from './mutations-of-kinds.ts'
import { ofConstraints, ofIndexes, ofOtherComments, ofTriggers } from './mutations-of-parts.ts'

/** Returns at least one change for every object and property of a contract. */
export function mutationsOf(contract: SchemaContract): Mutation[] {
  const { schemas = {}, functions = {}, sequences = {}, comments = {} } = contract
  return [
    ...Object.entries(schemas).flatMap(([name, comment]) => [
      mutation(`schema ${name}`, 'schema name', `ALTER SCHEMA ${identifier(name)} RENAME TO drifted`),
      ...(comment ? ofComment(`schema ${name}`, `SCHEMA ${identifier(name)}`) : []),
    ]),
    ...ofTypes(contract),
    ...contract.tables.flatMap((table) => ofRelation(table, contract)),
    ...Object.entries(functions).flatMap(([name, definition]) => ofFunction(name, definition)),
    ...Object.entries(sequences).flatMap(([name, definition]) =>
      ofSequence(name, definition, isOfIdentity(contract, definition)),
    ),
    ...Object.keys(comments).flatMap((object) => {
      const [kind = '', name = ''] = object.split(/ (.*)/s)
      return ofComment(
        `${kind} ${name}`,
        `${kind.toUpperCase()} ${kind === 'function' ? name : qualified(name)}`,
      )
    }),
    ...ofAccess(contract),
  ]
}

function ofRelation(table: TableContract, contract: SchemaContract): Mutation[] {
  const isOurs = Object.hasOwn(contract.schemas ?? {}, schemaOf(table.table))
  const parts = [
    ...ofConstraints(table),
    ...ofIndexes(table),
    ...ofTriggers(table),
    ...ofRulesAndStatistics(table),
    ...ofRowSecurity(table, isOurs && kindOf(table) === 'table'),
    ...ofPartition(table, contract.tables),
    ...ofOtherComments(table),
    ...(isOurs ? ofExtras(table) : []),
  ]
  if (kindOf(table) === 'table') return [...ofTable(table), ...parts]
  const { comment } = table
  const kind = kindOf(table)
  const ofOwn =
    comment === undefined
      ? []
      : ofComment(`${kind} ${table.table}`, `${kind.toUpperCase()} ${qualified(table.table)}`)
  return [...ofView(table), ...ofOwn, ...parts]
}

function ofTable(contract: TableContract): Mutation[] {
  const { table, comment, columns = {}, comments = {}, options } = contract
  const oid = `'${qualified(table)}'::regclass`
  return [
    mutation(`table ${table}`, 'table', `DROP TABLE ${qualified(table)} CASCADE`),
    mutation(`table ${table}`, 'table name', `ALTER TABLE ${qualified(table)} RENAME TO drifted`),
    mutation(
      `table ${table}`,
      'table durability',
      `UPDATE pg_class SET relpersistence = 'u' WHERE oid = ${oid}`,
    ),
    ...(comment === undefined ? [] : ofComment(`table ${table}`, `TABLE ${qualified(table)}`)),
    ...(options ?? []).map((option) =>
      mutation(
        `options of table ${table}`,
        'table options',
        `ALTER TABLE ${qualified(table)} RESET (${option.split('=')[0]!})`,
      ),
    ),
    ...Object.entries(columns).flatMap(([name, declaration]) => ofColumn(contract, name, declaration)),
    ...Object.keys(comments).flatMap((name) =>
      ofComment(`column ${table}.${name}`, `COLUMN ${qualified(table)}.${identifier(name)}`),
    ),
  ]
}

function ofColumn(contract: TableContract, name: string, declaration: string): Mutation[] {
  const { table, partitionBy = '', partitionOf } = contract
  const object = `column ${table}.${name}`
  const { type, isRequired, value } = parseDeclaration(declaration)
  const alter = `ALTER TABLE ${qualified(table)}`
  const column = `${alter} ALTER COLUMN ${identifier(name)}`
  const row = `attrelid = '${qualified(table)}'::regclass AND attname = '${name}'`
  // A column's type cannot be altered while a default, keys or indexes depend on it: write to the catalogue instead.
  const other = type === 'text' ? 'varchar' : 'text'
  const changes = [
    // A partition's columns change with its parent's, and a partition key cannot be dropped.
    ...(partitionOf === undefined && !partitionBy.includes(name)
      ? [mutation(object, 'column', `${alter} DROP COLUMN ${identifier(name)} CASCADE`)]
      : []),
    ...(partitionOf === undefined
      ? [mutation(object, 'column name', `${alter} RENAME COLUMN ${identifier(name)} TO drifted`)]
      : []),
    mutation(
      object,
      'column type',
      `UPDATE pg_attribute SET atttypid = '${other}'::regtype, atttypmod = -1 WHERE ${row}`,
    ),
    mutation(
      object,
      'column nullability',
      `UPDATE pg_attribute SET attnotnull = ${!isRequired} WHERE ${row}`,
    ),
  ]
  if (value === undefined) {
    const fitting = type.endsWith('[]') ? `'{}'` : 'NULL'
    // DEFAULT NULL is the same as no default, so use an expression that yields null.
    const expression = fitting === 'NULL' ? `nullif(1, 1)::text::${type}` : fitting
    return [...changes, mutation(object, 'column default', `${column} SET DEFAULT ${expression}`)]
  }
  if (value.endsWith('as identity')) {
    const [is, set] = value.includes('always') ? ['a', 'BY DEFAULT'] : ['d', 'ALWAYS']
    return [
      ...changes,
      mutation(object, 'column identity', `${column} SET GENERATED ${set}`),
      mutation(object, `column identity ${is}`, `${column} DROP IDENTITY`),
    ]
  }
  if (value.startsWith('generated')) {
    return [...changes, mutation(object, 'column expression', `${column} DROP EXPRESSION`)]
  }
  return [
    ...changes,
    mutation(object, 'column default', `${column} DROP DEFAULT`),
    mutation(object, 'column default', `${column} SET DEFAULT nullif(1, 1)::text::${type}`),
  ]
}

function ofFunction(name: string, definition: string): Mutation[] {
  const object = `function ${name}`
  const signature = name
  return [
    mutation(object, 'function', `DROP FUNCTION ${signature} CASCADE`),
    mutation(object, 'function name', `ALTER FUNCTION ${signature} RENAME TO drifted`),
    mutation(object, 'function body', definition.replace(/\bAS (\$\w*\$)/, 'AS $1 --\n')),
    mutation(object, 'function options', `ALTER FUNCTION ${signature} SET work_mem = '5MB'`),
  ]
}

/** True for an identity column's sequence, which can only be dropped together with the column. */
function isOfIdentity({ tables }: SchemaContract, definition: string): boolean {
  const [, table, column = ''] = / owned by (.*)\.([^.]+)$/.exec(definition) ?? []
  const found = tables.find((candidate) => candidate.table === table)?.columns?.[column]
  return found?.endsWith(' as identity') ?? false
}

function ofSequence(name: string, definition: string, isIdentity: boolean): Mutation[] {
  const object = `sequence ${name}`
  const alter = `ALTER SEQUENCE ${qualified(name)}`
  const row = `WHERE seqrelid = '${qualified(name)}'::regclass`
  return [
    ...(isIdentity ? [] : [mutation(object, 'sequence', `DROP SEQUENCE ${qualified(name)} CASCADE`)]),
    mutation(object, 'sequence name', `${alter} RENAME TO drifted`),
    mutation(object, 'sequence increment', `${alter} INCREMENT 7`),
    mutation(object, 'sequence start', `${alter} START 5`),
    mutation(object, 'sequence minimum', `${alter} MINVALUE -5`),
    mutation(object, 'sequence maximum', `${alter} MAXVALUE 1000`),
    mutation(object, 'sequence cache', `${alter} CACHE 9`),
    mutation(object, 'sequence cycle', `${alter} ${definition.includes(' cycle') ? 'NO CYCLE' : 'CYCLE'}`),
    mutation(object, 'sequence type', `UPDATE pg_sequence SET seqtypid = 'int2'::regtype ${row}`),
    ...(definition.includes(' owned by ')
      ? [
          mutation(
            object,
            'sequence owner',
            `DELETE FROM pg_depend WHERE objid = '${qualified(name)}'::regclass AND deptype IN ('a', 'i')`,
          ),
        ]
      : []),
  ]
}
