import type { SchemaContract, TableContract } from './contract.ts'
import {
  createPolicy,
  createRule,
  createTable,
  createView,
  identifier,
  kindOf,
  literal,
  parseDeclaration,
  parsePartition,
  qualified,
  setRowSecurity,
} from './ddl.ts'
import { mutation, type Mutation } from './mutation.ts'

export function ofTypes({
  enums = {},
  domains = {},
  types = {},
  extensions = {},
}: SchemaContract): Mutation[] {
  return [
    ...Object.keys(extensions).map((name) => ({
      ...mutation(
        `extension ${name}`,
        'extension version',
        `UPDATE pg_extension SET extversion = '0.0' WHERE extname = ${literal(name)}`,
      ),
      severity: 'warning' as const,
    })),
    ...Object.entries(enums).flatMap(([name, values]) => [
      ...ofType(`enum ${name}`, 'enum', 'TYPE', name),
      mutation(`enum ${name}`, 'enum value', `ALTER TYPE ${qualified(name)} ADD VALUE 'drifted'`),
      ...values.map((value) =>
        mutation(
          `enum ${name}`,
          'enum value',
          `ALTER TYPE ${qualified(name)} RENAME VALUE ${literal(value)} TO 'drifted'`,
        ),
      ),
      ...values
        .slice(1)
        .map((value) =>
          mutation(
            `enum ${name}`,
            'enum order',
            `UPDATE pg_enum SET enumsortorder = -1 WHERE enumtypid = ${literal(qualified(name))}::regtype AND enumlabel = ${literal(value)}`,
          ),
        ),
    ]),
    ...Object.entries(domains).flatMap(([name, { type, constraints = {} }]) => {
      const object = `domain ${name}`
      const alter = `ALTER DOMAIN ${qualified(name)}`
      const { isRequired, value } = parseDeclaration(type)
      return [
        ...ofType(object, 'domain', 'DOMAIN', name),
        mutation(object, 'domain nullability', `${alter} ${isRequired ? 'DROP' : 'SET'} NOT NULL`),
        mutation(
          object,
          'domain default',
          `${alter} ${value ? 'DROP DEFAULT' : 'SET DEFAULT nullif(1, 1)::text'}`,
        ),
        mutation(object, 'domain constraint', `${alter} ADD CONSTRAINT drifted CHECK (1 = 1)`),
        ...Object.keys(constraints).flatMap((key) => [
          mutation(object, 'domain constraint', `${alter} DROP CONSTRAINT ${identifier(key)}`),
          mutation(object, 'domain constraint', `${alter} RENAME CONSTRAINT ${identifier(key)} TO drifted`),
        ]),
      ]
    }),
    ...Object.entries(types).flatMap(([name, definition]) => [
      ...ofType(`type ${name}`, 'type', 'TYPE', name),
      ...(definition.startsWith('(')
        ? [
            mutation(
              `type ${name}`,
              'type attribute',
              `ALTER TYPE ${qualified(name)} ADD ATTRIBUTE drifted integer`,
            ),
          ]
        : []),
    ]),
  ]
}

const ofType = (object: string, kind: string, sqlKind: string, name: string): Mutation[] => [
  mutation(object, kind, `DROP ${sqlKind} ${qualified(name)} CASCADE`),
  mutation(object, `${kind} name`, `ALTER ${sqlKind} ${qualified(name)} RENAME TO drifted`),
]

export function ofView(contract: TableContract): Mutation[] {
  const { table, view, materializedView } = contract
  const kind = kindOf(contract)
  const object = `${kind} ${table}`
  const name = `${kind.toUpperCase()} ${qualified(table)}`
  const changed = (query: string): string =>
    query.replace(/^(with \([^)]*\) )?(.*)$/s, '$1SELECT * FROM ($2) drifted LIMIT 5')
  return [
    mutation(object, kind, `DROP ${name} CASCADE`),
    mutation(object, `${kind} name`, `ALTER ${name} RENAME TO drifted`),
    ...(view === undefined
      ? [
          mutation(
            object,
            `${kind} body`,
            `DROP ${name} CASCADE; ${createTable({ ...contract, materializedView: changed(materializedView ?? '') })}`,
          ),
        ]
      : [
          mutation(object, `${kind} body`, createView('CREATE OR REPLACE VIEW', table, changed(view))),
          mutation(
            object,
            `${kind} options`,
            view.includes('security_barrier=true')
              ? `ALTER ${name} RESET (security_barrier)`
              : `ALTER ${name} SET (security_barrier = true)`,
          ),
        ]),
  ]
}

export function ofRowSecurity(
  { table, rowSecurity, policies = {} }: TableContract,
  isOurs: boolean,
): Mutation[] {
  const object = `row security of ${table}`
  const others = ['disabled', 'enabled', 'enabled and forced', 'disabled and forced'].filter(
    (security) => security !== (rowSecurity ?? 'disabled'),
  )
  return [
    ...(rowSecurity === undefined && !isOurs
      ? []
      : others.map((security) => mutation(object, 'row security', setRowSecurity(table, security)))),
    ...Object.entries(policies).flatMap(([name, definition]) => {
      const policy = `policy ${name} on ${table}`
      const on = `${identifier(name)} ON ${qualified(table)}`
      const again = (changed: string): string => `DROP POLICY ${on}; ${createPolicy(table, name, changed)}`
      return [
        mutation(policy, 'policy', `DROP POLICY ${on}`),
        mutation(policy, 'policy name', `ALTER POLICY ${on} RENAME TO drifted`),
        mutation(policy, 'policy roles', `ALTER POLICY ${on} TO pg_monitor`),
        mutation(
          policy,
          'policy kind',
          again(
            definition.replace(/PERMISSIVE|RESTRICTIVE/, (is) =>
              is === 'PERMISSIVE' ? 'RESTRICTIVE' : 'PERMISSIVE',
            ),
          ),
        ),
        mutation(
          policy,
          'policy expression',
          `ALTER POLICY ${on} ${definition.includes(' FOR INSERT ') ? 'WITH CHECK' : 'USING'} (1 > 2)`,
        ),
      ]
    }),
  ]
}

export function ofPartition(
  { table, partitionBy, partitionOf }: TableContract,
  all: readonly TableContract[],
): Mutation[] {
  const key = mutation(
    `table ${table}`,
    'partition key',
    `UPDATE pg_partitioned_table SET partstrat = CASE partstrat WHEN 'l' THEN 'r'::"char" ELSE 'l' END WHERE partrelid = ${literal(qualified(table))}::regclass`,
  )
  if (partitionOf === undefined) return partitionBy === undefined ? [] : [key]
  const { parent, bounds } = parsePartition(partitionOf)
  const detach = (name: string): string =>
    `ALTER TABLE ${qualified(parent)} DETACH PARTITION ${qualified(name)}`
  const rest = all.find((other) => other.partitionOf === `${parent} DEFAULT`)
  // The default partition gets other bounds; any other partition becomes the default.
  const elsewhere =
    bounds === 'DEFAULT'
      ? `UPDATE pg_class SET relpartbound = (SELECT relpartbound FROM pg_class WHERE relispartition AND oid <> ${literal(qualified(table))}::regclass LIMIT 1) WHERE oid = ${literal(qualified(table))}::regclass`
      : `${rest ? `${detach(rest.table)}; ` : ''}${detach(table)}; ALTER TABLE ${qualified(parent)} ATTACH PARTITION ${qualified(table)} DEFAULT`
  return [
    ...(partitionBy === undefined ? [] : [key]),
    mutation(`partition ${table}`, 'partition', detach(table)),
    mutation(`partition ${table}`, 'partition bounds', elsewhere),
  ]
}

export function ofRulesAndStatistics({ table, rules = {}, statistics = {} }: TableContract): Mutation[] {
  return [
    ...Object.entries(rules).flatMap(([name, definition]) => {
      const object = `rule ${name} on ${table}`
      const on = `${identifier(name)} ON ${qualified(table)}`
      return [
        mutation(object, 'rule', `DROP RULE ${on}`),
        mutation(object, 'rule name', `ALTER RULE ${on} RENAME TO drifted`),
        mutation(object, 'rule state', `ALTER TABLE ${qualified(table)} DISABLE RULE ${identifier(name)}`),
        mutation(
          object,
          'rule action',
          `DROP RULE ${on}; ${createRule(name, definition.replace(/ DO .*$/s, ' DO ALSO NOTIFY drifted'))}`,
        ),
      ]
    }),
    ...Object.entries(statistics).flatMap(([name, definition]) => {
      const object = `statistics ${name}`
      const drop = `DROP STATISTICS ${qualified(name)}`
      const other = definition.startsWith('(ndistinct) ')
        ? definition.replace('(ndistinct) ', '(dependencies) ')
        : definition.replace(/^(?:\(.*?\) )?ON /s, '(ndistinct) ON ')
      return [
        mutation(object, 'statistics', drop),
        mutation(object, 'statistics name', `ALTER STATISTICS ${qualified(name)} RENAME TO drifted`),
        mutation(object, 'statistics kinds', `${drop}; CREATE STATISTICS ${qualified(name)} ${other}`),
      ]
    }),
  ]
}
