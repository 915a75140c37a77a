import { checkObjects, mutationsOf, type Check, type Mutation } from '@mediakeep/schema-verify'
import type { Sql } from '@mediakeep/sql'
import { createTestDatabase } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { contract } from './contract.ts'

interface Trial {
  /** True if verification fails and names the object. */
  readonly caught: boolean
  /** True if verification's proposed fix makes it pass again; undefined if not tried. */
  readonly mended: boolean | undefined
}

class Undo extends Error {
  override readonly name = 'Undo'
}

async function failures(sql: Sql): Promise<Check[]> {
  await sql.query("SELECT set_config('search_path', 'pg_catalog', true)")
  return (await checkObjects(sql, contract, { owners: true, grants: true })).filter((check) => !check.ok)
}

test('every change of every object and property of the contract is caught, with the object named', async () => {
  const database = await createTestDatabase()
  const mutations = mutationsOf(contract)
  const trials = new Map<Mutation, Trial>()
  for (const mutation of mutations) {
    const undone = database.transaction(async (sql) => {
      await sql.query("SELECT set_config('search_path', 'pg_catalog', true)")
      for (const statement of statementsOf(mutation.sql)) await sql.query(statement)
      const found = await failures(sql)
      const caught = found.some(
        ({ object, severity }) => object === mutation.object && severity === (mutation.severity ?? 'error'),
      )
      const isTried = caught && isMendable(mutation, trials)
      trials.set(mutation, { caught, mended: isTried ? await isMended(sql, found) : undefined })
      throw new Undo()
    })
    await undone.catch((error: unknown) => {
      if (!(error instanceof Undo)) throw new Error(`${mutation.property}: ${mutation.sql}`, { cause: error })
    })
  }
  expect(await database.transaction(failures)).toEqual([])
  await database.drop()
  print(trials)
  const missed = [...trials]
    .filter(([, { caught }]) => !caught)
    .map(([{ property, sql }]) => `${property}: ${sql}`)
  expect(missed).toEqual([])
  expect(trials.size).toBe(mutations.length)
}, 600_000)

function statementsOf(sql: string): string[] {
  return /^(DO|CREATE OR REPLACE (FUNCTION|PROCEDURE))\b/.test(sql) ? [sql] : sql.split(/;\s/).filter(Boolean)
}

/** Tries a few of each kind. After a direct write to the catalogue, nothing can be relied on. */
function isMendable({ property, sql }: Mutation, trials: ReadonlyMap<Mutation, Trial>): boolean {
  const earlier = [...trials].filter(
    ([other, { mended }]) => other.property === property && mended !== undefined,
  )
  return !/^(UPDATE|DELETE FROM) pg_/.test(sql) && earlier.length < 3
}

/** Applies the proposed fixes in order, without CONCURRENTLY because the test runs in a transaction. */
async function isMended(sql: Sql, found: readonly Check[]): Promise<boolean> {
  try {
    await sql.query('SAVEPOINT mending')
    for (const { mend } of found) {
      for (const statement of statementsOf(mend ?? ''))
        await sql.query(statement.replaceAll(' CONCURRENTLY', ''))
    }
    return (await failures(sql)).length === 0
  } catch {
    await sql.query('ROLLBACK TO SAVEPOINT mending')
    return false
  }
}

function print(trials: ReadonlyMap<Mutation, Trial>): void {
  const kinds = Map.groupBy(trials, ([{ property }]) => property)
  const lines = [...kinds, [undefined, [...trials]] as const].map(([property, of]) => {
    const caught = of.filter(([, trial]) => trial.caught).length
    const tried = of.filter(([, trial]) => trial.mended !== undefined)
    const mended = tried.filter(([, trial]) => trial.mended).length
    const mends = tried.length > 0 ? `, ${mended} of ${tried.length} tried are mended as proposed` : ''
    return `${(property ?? 'all mutations').padEnd(22)} ${caught} of ${of.length} caught${mends}`
  })
  process.stdout.write(`${lines.join('\n')}\n`)
}
