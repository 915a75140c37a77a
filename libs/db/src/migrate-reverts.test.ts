import { migrate, readMigrations, undo } from '@mediakeep/migrations'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { catalogueText } from '@mediakeep/tools'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { database as project } from './database.ts'
import { migrateDatabase } from './migrate-database.ts'
import { buildInstallation, ROWS } from './migrate-installation.fixture.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase('empty')
})
afterEach(() => database.drop())

const text = (): Promise<string> => catalogueText(database.url, project)

/** Sample data that the programs leave in our own tables. */
const OURS = `
  INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension)
    VALUES (repeat('a', 64), repeat('b', 32), repeat('b', 32), 7, 'image', 'image/png', 'png');
  INSERT INTO mediakeep.settings (name, value) VALUES ('secret', '"x"');
  INSERT INTO mediakeep.tasks (name) VALUES ('verify');
  UPDATE public.post_media SET sha256_sum = repeat('a', 64), source_key = media_id WHERE media_id < 'med-5'`

test('every migration of ours reverts to the very catalogue before it and applies again, with data in place', async () => {
  const options = { ...project.migrations, url: database.url }
  const files = await readMigrations(project.migrations.folder)
  const given = files.slice(0, 2)
  const texts: string[] = []
  for (const { name } of files) {
    await migrate({ ...options, to: name })
    if (texts.length === 0) await database.pg.query(ROWS)
    texts.push(await text())
  }
  await database.pg.query(OURS)
  for (const [at, file] of [...files.entries()].toReversed()) {
    if (given.includes(file)) continue
    expect(await undo({ ...options, stays: project.stays })).toEqual([file.name])
    expect(await text(), `after ${file.name} was undone`).toBe(texts[at - 1])
  }
  for (const [at, { name }] of files.entries()) {
    await migrate({ ...options, to: name })
    expect(await text(), `after ${name} was applied again`).toBe(at < 2 ? texts[1] : texts[at])
  }
  const { rows } = await database.query('SELECT count(*) AS posts FROM post_media')
  expect(rows).toEqual([{ posts: 1000 }])
})

test('the given migrations stay, adopted or not, and so does the one whose tables hold merged rows', async () => {
  await buildInstallation(database, 1)
  await migrateDatabase(database.url)
  const options = { ...project.migrations, url: database.url, stays: project.stays }
  const refusal = (migration: string, reason: string): unknown =>
    expect.objectContaining({
      code: 'migration_stays',
      migration,
      message: expect.stringContaining(reason) as string,
    })
  const tracking = '20251201123623_add_media_tracking_columns'
  const create = '20261123090000_create_mediakeep_schema'
  await expect(undo({ ...options, to: tracking })).rejects.toEqual(
    refusal(create, 'duplicate rows were merged'),
  )
  await database.query('TRUNCATE mediakeep.merged_media')
  await undo({ ...options, to: tracking })
  await expect(undo(options)).rejects.toEqual(refusal(tracking, 'stood there before us'))
  await expect(undo({ ...options, stays: [], count: 2 })).rejects.toEqual(
    refusal(tracking, `there is no ${tracking}.down.sql`),
  )
})
