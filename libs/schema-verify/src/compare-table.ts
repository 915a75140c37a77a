import type { CatalogTable } from './catalog.ts'
import { check, checkComment, MISSING } from './check.ts'
import { compareColumns } from './compare-columns.ts'
import { compareConstraints, compareIndexes } from './compare-constraints.ts'
import { compareExtras } from './compare-extras.ts'
import { comparePolicies, compareRowSecurity } from './compare-row-security.ts'
import type { Check, TableContract } from './contract.ts'
import {
  createRule,
  createTable,
  createTrigger,
  createView,
  enable,
  identifier,
  inTable,
  kindOf,
  parsePartition,
  qualified,
  setReplicaIdentity,
  withoutState,
} from './ddl.ts'
import { normalizeQuery } from './normalize-query.ts'

/**
 * One check for each object of a table or view, or a single check if the table or view is missing.
 * @param isOurs true if the table's schema is wholly ours, so that nothing else may be attached to the table
 */
export function compareTable(
  contract: TableContract,
  actual: CatalogTable | undefined,
  isOurs: boolean,
): Check[] {
  const isView = kindOf(contract) !== 'table'
  const there = isView ? checkView(contract, actual) : checkTable(contract, actual, isOurs)
  const isOfKind = isView
    ? actual?.kind === kindOf(contract)
    : /^(unlogged |partitioned )?table$/.test(actual?.kind ?? '')
  if (!actual || !isOfKind) return [there]
  return [
    there,
    ...(isView ? [] : compareProperties(contract, actual, isOurs)),
    ...compareColumns(contract, actual),
    ...compareConstraints(contract, actual),
    ...compareIndexes(contract, actual),
    ...compareTriggers(contract, actual),
    ...compareRules(contract, actual),
    ...comparePolicies(contract, actual),
    ...compareStatistics(contract, actual),
    ...compareComments(contract, actual),
    // A detached partition now owns what it inherited; reattaching it fixes that.
    ...(isOurs && (contract.partitionOf === undefined || actual.partitionOf !== undefined)
      ? compareExtras(contract, actual)
      : []),
  ]
}

/** Other programs may partition their tables, even where the contract describes them as unpartitioned. */
function checkTable(contract: TableContract, actual: CatalogTable | undefined, isOurs: boolean): Check {
  const { table, partitionBy } = contract
  const text = (by: string | undefined): string => (by === undefined ? 'table' : `table partitioned by ${by}`)
  const expected = text(partitionBy)
  if (!actual) return check(`table ${table}`, expected, undefined, createTable(contract))
  const isTheirs = !isOurs && partitionBy === undefined
  const isPartitioned = actual.kind === 'partitioned table'
  const isUnlogged = actual.kind === 'unlogged table'
  return check(
    `table ${table}`,
    expected,
    isPartitioned ? text(isTheirs ? undefined : actual.partitionBy) : actual.kind,
    isUnlogged ? `ALTER TABLE ${qualified(table)} SET LOGGED` : undefined,
  )
}

function checkView(contract: TableContract, actual: CatalogTable | undefined): Check {
  const { table, view, materializedView } = contract
  const kind = kindOf(contract)
  const expected = view ?? materializedView ?? ''
  const found = !actual ? MISSING : actual.kind === kind ? (actual.query ?? '') : actual.kind
  const mend = !actual
    ? createTable(contract)
    : actual.kind !== kind
      ? undefined
      : view === undefined
        ? `DROP MATERIALIZED VIEW ${qualified(table)}; ${createTable(contract)}`
        : createView('CREATE OR REPLACE VIEW', table, expected)
  const isSame = normalizeQuery(found) === normalizeQuery(expected)
  return check(`${kind} ${table}`, expected, isSame ? expected : found, mend)
}

function compareProperties(contract: TableContract, actual: CatalogTable, isOurs: boolean): Check[] {
  const { table, partitionOf, replicaIdentity } = contract
  const identity = replicaIdentity ?? 'default'
  return [
    ...(partitionOf === undefined
      ? []
      : [
          check(
            `partition ${table}`,
            partitionOf,
            actual.partitionOf,
            mendPartition(table, partitionOf, actual),
          ),
        ]),
    ...compareOptions(contract, actual),
    ...compareRowSecurity(contract, actual, isOurs),
    ...(replicaIdentity !== undefined || isOurs
      ? [
          {
            ...check(
              `replica identity of ${table}`,
              identity,
              actual.replicaIdentity,
              setReplicaIdentity(table, identity),
            ),
            severity: 'warning' as const,
          },
        ]
      : []),
  ]
}

function mendPartition(table: string, partitionOf: string, actual: CatalogTable): string {
  const { parent, bounds } = parsePartition(partitionOf)
  const attach = `ALTER TABLE ${qualified(parent)} ATTACH PARTITION ${qualified(table)} ${bounds}`
  if (actual.partitionOf === undefined) return attach
  const wrong = parsePartition(actual.partitionOf).parent
  return `ALTER TABLE ${qualified(wrong)} DETACH PARTITION ${qualified(table)}; ${attach}`
}

function compareOptions({ table, options }: TableContract, actual: CatalogTable): Check[] {
  if (!options) return []
  const found = actual.options.filter((option) =>
    options.some((expected) => expected.split('=')[0] === option.split('=')[0]),
  )
  const mend = `ALTER TABLE ${qualified(table)} SET (${options.join(', ')})`
  return [
    check(
      `options of table ${table}`,
      options.join(', '),
      found.length > 0 ? found.join(', ') : undefined,
      mend,
    ),
  ]
}

function compareTriggers({ table, triggers = {} }: TableContract, actual: CatalogTable): Check[] {
  return Object.entries(triggers).map(([name, expected]) => {
    const found = actual.triggers.get(name)
    return check(
      `trigger ${name} on ${table}`,
      expected,
      found?.definition,
      mendTrigger(table, name, expected, found?.definition),
    )
  })
}

function mendTrigger(table: string, name: string, expected: string, found: string | undefined): string {
  const state = enable('TRIGGER', table, name, expected)
  if (found !== undefined && withoutState(found) === withoutState(expected)) return state
  const drop = found === undefined ? '' : `DROP TRIGGER ${identifier(name)} ON ${qualified(table)}; `
  const isEnabled = withoutState(expected) === expected
  return `${drop}${createTrigger(name, expected)}${isEnabled ? '' : `; ${state}`}`
}

function compareRules({ table, rules = {} }: TableContract, actual: CatalogTable): Check[] {
  return Object.entries(rules).map(([name, expected]) => {
    const found = actual.rules.get(name)?.definition
    const state = enable('RULE', table, name, expected)
    const isOnlyState = found !== undefined && withoutState(found) === withoutState(expected)
    const drop = found === undefined ? '' : `DROP RULE ${identifier(name)} ON ${qualified(table)}; `
    const mend = isOnlyState ? state : `${drop}${createRule(name, expected)}; ${state}`
    return check(`rule ${name} on ${table}`, expected, found, mend)
  })
}

function compareStatistics({ statistics = {} }: TableContract, actual: CatalogTable): Check[] {
  return Object.entries(statistics).map(([name, expected]) => {
    const found = actual.statistics.get(name)?.definition
    const drop = found === undefined ? '' : `DROP STATISTICS ${qualified(name)}; `
    const mend = `${drop}CREATE STATISTICS ${qualified(name)} ${expected}`
    return check(`statistics ${name}`, expected, found, mend)
  })
}

function compareComments(contract: TableContract, actual: CatalogTable): Check[] {
  const { table, comment, comments = {}, otherComments = {} } = contract
  const all = {
    ...{ index: actual.indexes, constraint: actual.constraints, trigger: actual.triggers },
    ...{ policy: actual.policies, rule: actual.rules, statistics: actual.statistics },
  }
  return [
    ...(comment === undefined ? [] : [checkComment(`${kindOf(contract)} ${table}`, comment, actual.comment)]),
    ...Object.entries(comments).map(([name, expected]) =>
      checkComment(`column ${table}.${name}`, expected, actual.columns.get(name)?.comment),
    ),
    ...Object.entries(otherComments).map(([object, expected]) => {
      const [kind, name = ''] = object.split(/ (.*)/s)
      const found = all[kind as keyof typeof all].get(name)?.comment
      return checkComment(inTable(object, table), expected, found)
    }),
  ]
}
