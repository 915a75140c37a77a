import { createTestDatabase, createTestRole, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi
beforeEach(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db)
})
afterEach(async () => {
  await api.close()
  await db.drop()
})

const QUERY = `{ schemaVerification { ok checkCount failureCount warningCount durationMs
  checks(onlyDiffering: true) { object expected actual ok isError mend } } }`

test('schemaVerification reports what db:verify does, and how to mend it', async () => {
  expect(await api.ask(QUERY)).toMatchObject({
    schemaVerification: { ok: true, failureCount: 0, warningCount: 0, checks: [] },
  })
  await db.query('DROP INDEX idx_media_md5_sum')
  expect(await api.ask(QUERY)).toMatchObject({
    schemaVerification: {
      ok: false,
      failureCount: 1,
      checks: [
        {
          object: 'index public.idx_media_md5_sum',
          expected: 'btree (md5_sum)',
          actual: 'missing',
          isError: true,
          mend: 'CREATE INDEX CONCURRENTLY idx_media_md5_sum ON public.post_media USING btree (md5_sum)',
        },
      ],
    },
  })
})

test('schemaVerification names the tables whose rows row-level security may hide from the role of the server', async () => {
  const role = await createTestRole(db)
  await db.pg.query(`GRANT USAGE ON SCHEMA mediakeep TO ${role.name};
    GRANT SELECT ON ALL TABLES IN SCHEMA public, mediakeep TO ${role.name};
    ALTER TABLE post_media ENABLE ROW LEVEL SECURITY`)
  const limited = await startTestApi(role)
  try {
    expect(await limited.ask(QUERY)).toMatchObject({
      schemaVerification: {
        ok: false,
        failureCount: 1,
        checks: expect.arrayContaining([
          expect.objectContaining({
            object: 'rows of public.post_media',
            isError: true,
            mend: `ALTER ROLE ${role.name} BYPASSRLS`,
          }),
        ]) as unknown,
      },
    })
  } finally {
    await limited.close()
    await role.drop()
  }
})
