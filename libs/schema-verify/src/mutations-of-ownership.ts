import type { SchemaContract, TableContract } from './contract.ts'
import { identifier, kindOf, qualified, schemaOf } from './ddl.ts'
import { mutation, type Mutation } from './mutation.ts'

/** Adds objects that must not be attached to a table in a schema that is wholly ours. */
export function ofExtras(contract: TableContract): Mutation[] {
  const { table } = contract
  const [alter, on] = [`ALTER TABLE ${qualified(table)}`, `ON ${qualified(table)}`]
  if (kindOf(contract) !== 'table') return []
  const isPlain = contract.partitionBy === undefined && contract.partitionOf === undefined
  return [
    {
      ...mutation(
        `replica identity of ${table}`,
        'replica identity',
        `${alter} REPLICA IDENTITY ${contract.replicaIdentity === 'full' ? 'DEFAULT' : 'FULL'}`,
      ),
      severity: 'warning' as const,
    },
    ...(contract.partitionOf === undefined
      ? [
          mutation(
            `column ${table}.drifted`,
            'extra column',
            `${alter} ADD COLUMN drifted integer NOT NULL DEFAULT 1; ${alter} ALTER COLUMN drifted DROP DEFAULT`,
          ),
        ]
      : []),
    mutation(
      `constraint drifted on ${table}`,
      'extra check',
      `${alter} ADD CONSTRAINT drifted CHECK (1 < 2)`,
    ),
    ...(isPlain
      ? [
          mutation(
            `index ${schemaOf(table)}.drifted`,
            'extra unique index',
            `CREATE UNIQUE INDEX drifted ${on} ((1)) WHERE (1 > 2)`,
          ),
        ]
      : []),
    mutation(
      `trigger drifted on ${table}`,
      'extra trigger',
      `CREATE TRIGGER drifted BEFORE UPDATE ${on} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    ),
    mutation(
      `rule drifted on ${table}`,
      'extra rule',
      `CREATE RULE drifted AS ON DELETE TO ${qualified(table)} DO INSTEAD NOTHING`,
    ),
    mutation(`policy drifted on ${table}`, 'extra policy', `CREATE POLICY drifted ${on} USING (true)`),
  ]
}

/** Changes owners and grants of every object in schemas that are wholly ours. */
export function ofAccess(contract: SchemaContract): Mutation[] {
  const {
    schemas = {},
    tables,
    functions = {},
    sequences = {},
    enums = {},
    domains = {},
    types = {},
  } = contract
  const isOurs = (name: string): boolean => Object.hasOwn(schemas, schemaOf(name))
  const each = (names: readonly string[], kind: string, privilege: string, isOwner = true): Mutation[] =>
    names.flatMap((name) => {
      const object = `${kind} ${name}`
      const target = `${kind.toUpperCase()} ${kind === 'function' ? name : kind === 'schema' ? identifier(name) : qualified(name)}`
      const toRole = `GRANT ${privilege} ON ${target} TO pg_monitor`
      const isRevoked = contract.grants?.[object]?.includes(`revoke ${privilege} from public`) ?? false
      const isPublic = (kind === 'function' || kind === 'type') && !isRevoked
      return [
        mutation(
          `grants on ${object}`,
          `${kind} grants`,
          isPublic
            ? `REVOKE ${privilege} ON ${target} FROM PUBLIC`
            : `GRANT ${privilege} ON ${target} TO PUBLIC`,
        ),
        mutation(`grants on ${object}`, `${kind} grants`, `${toRole} WITH GRANT OPTION`),
        ...(isOwner
          ? [mutation(`owner of ${object}`, `${kind} owner`, `ALTER ${target} OWNER TO pg_monitor`)]
          : []),
      ]
    })
  const ours = (names: object): string[] => Object.keys(names).filter(isOurs)
  const columns = tables.filter(
    ({ table, columns: all = {} }) => isOurs(table) && Object.keys(all).length > 0,
  )
  return [
    ...each(Object.keys(schemas), 'schema', 'USAGE'),
    ...each(tables.map(({ table }) => table).filter(isOurs), 'table', 'SELECT'),
    ...columns.map(({ table, columns: all = {} }) =>
      mutation(
        `grants on table ${table}`,
        'column grants',
        `GRANT SELECT (${identifier(Object.keys(all)[0]!)}) ON TABLE ${qualified(table)} TO PUBLIC`,
      ),
    ),
    ...each(ours(functions), 'function', 'EXECUTE'),
    ...each(ours(sequences), 'sequence', 'USAGE', false),
    ...each(ours({ ...enums, ...domains, ...types }), 'type', 'USAGE'),
  ]
}
