import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { migrateTask } from '@mediakeep/tools'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { database as project } from './database.ts'
import { dumpDatabase } from './database-dump.fixture.ts'
import { migrateDatabase } from './migrate-database.ts'
import { buildOriginalDatabase, OBSTACLES } from './original-database.fixture.ts'

let database: TestDatabase
let owner: TestRole
beforeEach(async () => {
  database = await createTestDatabase('empty')
  owner = await createTestRole(database, 'BYPASSRLS')
  await buildOriginalDatabase(database, owner)
})
afterEach(async () => {
  await owner.drop()
  await database.drop()
})

const asOwner = (sql: string): string => sql.replaceAll(':owner', owner.name)
async function check(): Promise<{ code: number; lines: string }> {
  const lines: string[] = []
  const code = await migrateTask(project, owner.url, { check: true }, (line) => lines.push(line))
  return { code, lines: lines.join('\n') }
}

test.each(OBSTACLES)('$name: named with the remedy, and nothing is changed', async ({ sql, named }) => {
  await database.pg.query(asOwner(`SET search_path = public; ${sql}`))
  const before = await dumpDatabase(database)
  const refused = await migrateDatabase(owner.url).catch((error: unknown) => error as Error)
  expect(refused).toMatchObject({ code: 'migration_preflight' })
  for (const text of named) expect((refused as Error).message).toContain(text)
  const { code, lines } = await check()
  expect(code).toBe(1)
  for (const text of named) expect(lines).toContain(text)
  expect(await dumpDatabase(database)).toEqual(before)
})

test('all problems are named at once', async () => {
  const some = OBSTACLES.filter(({ name }) => /status|name is taken/.test(name))
  for (const { sql } of some) await database.pg.query(asOwner(`SET search_path = public; ${sql}`))
  const { lines } = await check()
  for (const { named } of some) for (const text of named) expect(lines).toContain(text)
  expect(lines).toContain('4 problems; nothing was changed')
})

test('a check of the base says nothing stands in the way, notes who reads along, and changes nothing', async () => {
  const before = await dumpDatabase(database)
  const { code, lines } = await check()
  expect(code).toBe(0)
  expect(lines).toContain('anon, authenticated, service_role may read public.post_media')
  expect(lines).toContain('nothing stands in the way')
  expect(await dumpDatabase(database)).toEqual(before)
})

test('the status processing of an old analyser becomes not_started, and the check says to stop it first', async () => {
  await owner.pg.query(`ALTER TABLE post_media DROP CONSTRAINT post_media_ai_analysis_status_check;
    UPDATE post_media SET ai_analysis_status = 'processing' WHERE media_id = 'med-00000003'`)
  const { code, lines } = await check()
  expect(code).toBe(0)
  expect(lines).toContain('1 rows of public.post_media have the analysis status processing')
  expect(lines).toContain('Stop the old analyser first')
  await migrateDatabase(owner.url)
  const { rows } = await database.query(`SELECT ai_analysis_status AS status FROM public.post_media
    WHERE media_id = 'med-00000003'`)
  expect(rows).toEqual([{ status: 'not_started' }])
  await expect(owner.query(`UPDATE post_media SET ai_analysis_status = 'processing'`)).rejects.toThrow(
    /check/,
  )
})
