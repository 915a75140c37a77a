import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addContents, EVERY_TYPE, shownRows, toldChanges } from './analysis.fixture.ts'
import { configureAnalysers } from './analysers.ts'
import { claimAnalyses } from './claim.ts'
import { completeAnalyses } from './settle.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
  await configureAnalysers(db, [{ name: 'facts', version: '1', mediaTypes: EVERY_TYPE }])
})
afterEach(() => db.drop())

const CLAIM = { limit: 10, leaseSeconds: 60, worker: 'w-1' }

test('a claimed analysis is started, a completed one is completed with its result', async () => {
  await addContents(db, [{ name: 'a' }])
  const [lease] = await claimAnalyses(db, CLAIM)
  expect(lease).toMatchObject({ attempt: 1, analyser: 'facts', mediaId: 'med-a-1', byteSize: 100, width: 4 })
  expect((await shownRows(db))[0]!.status).toBe('started')
  expect(await completeAnalyses(db, [{ ...lease!, result: { text: 'hello' } }])).toEqual(['completed'])
  expect(await shownRows(db)).toMatchObject([
    {
      status: 'completed',
      analysis: { facts: { text: 'hello' } },
      story: ['started>started', 'completed>completed'],
    },
  ])
  expect(await toldChanges(db)).toEqual(['med-a-1 not_started>started', 'med-a-1 started>completed'])
})
