import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { openCuttingProxy } from './cutting-proxy.fixture.ts'
import { migrateDatabase } from './migrate-database.ts'
import { buildInstallation } from './migrate-installation.fixture.ts'
import { verifyDatabase } from './verify-database.ts'

/** Kills a migrator at its n-th statement, then lets another one take over. */
async function killAt(at: number, arrives: boolean): Promise<{ survived: boolean; statements: number }> {
  const database = await createTestDatabase('empty')
  try {
    await buildInstallation(database, 1)
    const proxy = await openCuttingProxy(database.url, { at, arrives })
    const survived = await migrateDatabase(proxy.url).then(
      () => true,
      () => false,
    )
    await proxy.close()
    await migrateDatabase(database.url)
    const failures = (await verifyDatabase(database.url)).filter((check) => !check.ok)
    expect(failures, `killed at statement ${at}`).toEqual([])
    expect(await counts(database), `killed at statement ${at}`).toEqual({
      media: 900,
      merged: 100,
      tags: 1000,
    })
    return { survived, statements: proxy.seen() }
  } finally {
    await database.drop()
  }
}

async function counts(database: TestDatabase): Promise<unknown> {
  const { rows } = await database.query(
    `SELECT (SELECT count(*) FROM post_media) AS media, (SELECT count(*) FROM mediakeep.merged_media) AS merged,
       (SELECT count(*) FROM post_tags JOIN post_media USING (media_id)) AS tags`,
  )
  return rows[0]
}

/** An odd step, so that both ways of cutting occur. `KILL_EVERY=1` tries every statement, in about five minutes. */
const EVERY = Number(process.env.KILL_EVERY ?? 7)

test('a migrator killed at any of its statements leaves what the next one completes, and no row is lost', async () => {
  const { statements, survived } = await killAt(Number.MAX_SAFE_INTEGER, false)
  expect(survived).toBe(true)
  expect(statements).toBeGreaterThan(60)
  const trials = Array.from({ length: statements }, (_, index) => index + 1).filter((at) => at % EVERY === 0)
  const tried = trials.length
  let killed = 0
  // Alternates between cutting before and after the statement arrives.
  const next = async (): Promise<void> => {
    for (let at = trials.shift(); at !== undefined; at = trials.shift()) {
      const trial = await killAt(at, at % 2 === 0)
      if (!trial.survived) killed++
    }
  }
  await Promise.all([next(), next(), next()])
  process.stdout.write(`killed at ${killed} of ${tried} statements; the next migrator completed each\n`)
  // Losing the very last ones (unlocking, closing) is harmless.
  expect(killed).toBeGreaterThan(tried - 8)
}, 600_000)
