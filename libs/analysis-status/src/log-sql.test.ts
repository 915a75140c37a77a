import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLog, replayLog } from './log.ts'
import { appendToLog, logEvent, MAX_LOG_EVENTS } from './log-sql.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase('empty')
  await db.query('CREATE TABLE logs (log jsonb)')
})
afterAll(() => db.drop())

const STARTED = logEvent({ event: `'ai_analysis_started'`, status: `'started'`, details: `'{"n": 1}'` })
const RETURNED = logEvent({ event: `'ai_analysis_expired'`, status: `'not_started'` })

async function appended(log: unknown, events: string): Promise<unknown> {
  const { rows } = await db.query<{ log: unknown }>(
    `SELECT ${appendToLog('l.log', events)} AS log FROM (SELECT $1::jsonb AS log) l`,
    [log === null ? null : JSON.stringify(log)],
  )
  return rows[0]!.log
}

test('events are appended to a log, to none, and to what is no log; several in their order', async () => {
  const log = await appended(null, STARTED)
  expect(readLog(log)).toMatchObject([{ event: 'ai_analysis_started', status: 'started', details: { n: 1 } }])
  expect(readLog(await appended(log, RETURNED))).toHaveLength(2)
  expect(
    readLog(await appended([], `jsonb_build_array(${STARTED}, ${RETURNED})`)).map((entry) => entry.status),
  ).toEqual([...['started', 'not_started']])
  expect(await appended({ odd: true }, STARTED)).toMatchObject([{ odd: true }, { status: 'started' }])
})

test('a log is bounded: its first and last events stay, the story can be followed, and the rest is counted', async () => {
  let log: unknown = []
  const total = MAX_LOG_EVENTS * 3
  for (let n = 0; n < total; n++) log = await appended(log, n % 2 === 0 ? STARTED : RETURNED)
  const events = readLog(log)
  expect(events.length).toBeLessThanOrEqual(MAX_LOG_EVENTS)
  expect(replayLog(events)).toBe('not_started')
  const mark = events.find(({ event }) => event === 'log_truncated')
  expect(Number(mark!.details!['dropped']) + events.length - 1).toBe(total)
})
