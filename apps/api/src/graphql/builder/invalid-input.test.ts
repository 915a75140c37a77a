import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi
beforeAll(async () => {
  db = await createTestDatabase()
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

test('input that a mutation refuses is explained in plain English, with its place', async () => {
  const { none, many, blank } = await api.ask<Record<string, { message: string; issues: unknown[] }>>(
    `mutation ($many: [ID!]!) {
       none: verifyMedia(input: { mediaIds: [] }) { ...Refusal }
       many: verifyMedia(input: { mediaIds: $many }) { ...Refusal }
       blank: rejectMedia(input: { mediaId: "med-1", reason: " " }) { ...Refusal } }
     fragment Refusal on InvalidInputError { message issues { message path } }`,
    { many: Array.from({ length: 101 }, (_, n) => `med-${n}`) },
  )
  expect(none!.message).toBe('"input.mediaIds" must not be empty')
  expect(none!.issues).toEqual([{ message: 'must not be empty', path: 'input.mediaIds' }])
  expect(many!.message).toBe('"input.mediaIds" must have at most 100 entries')
  expect(blank!.message).toBe('"input.reason" must not be empty')
})
