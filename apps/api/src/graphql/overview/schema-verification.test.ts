import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
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
