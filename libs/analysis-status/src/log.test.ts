import { anything, array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidLogError, readLog, replayLog, STATUS_CHANGES, type AnalysisLogEvent } from './log.ts'
import { canTransition, InvalidTransitionError, type AnalysisStatus } from './status.ts'

const at = (n: number): string => new Date(1_700_000_000_000 + n).toISOString()
const told = (...entries: readonly string[]): AnalysisLogEvent[] =>
  entries.map((entry, n) => {
    const [event, status] = entry.split('>') as [string, AnalysisStatus]
    return { timestamp: at(n), event: `ai_analysis_${event}`, status }
  })

test('a log of null is empty; anything else is events or a typed error that says where', () => {
  expect(readLog(null)).toEqual([])
  expect(() => readLog({})).toThrow(InvalidLogError)
  expect(() => readLog([{ timestamp: at(0), event: 'x', status: 'done' }])).toThrow(
    'Entry 0 of the analysis log',
  )
  assert(
    property(anything(), (log) => {
      try {
        expect(readLog(log)).toBeInstanceOf(Array)
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidLogError)
      }
    }),
  )
})

test('events of others are kept as they are; pending in them is not started', () => {
  const log = [
    { timestamp: at(0), event: 'theirs', status: 'pending', model: 'm', details: { a: 1 }, more: 1 },
  ]
  expect(readLog(log)).toEqual([
    { timestamp: at(0), event: 'theirs', status: 'not_started', model: 'm', details: { a: 1 } },
  ])
})

test('a log that an older tool stored as text is read, also where events were appended to it', () => {
  const events = told('started>started', 'completed>completed')
  expect(readLog(JSON.stringify(events))).toEqual(events)
  expect(readLog([JSON.stringify(events.slice(0, 1)), events[1]])).toEqual(events)
  expect(() => readLog('not JSON')).toThrow(InvalidLogError)
})

test('a replayed log ends where it says, or is a typed error', () => {
  const entry = record({
    event: constantFrom('started', 'completed', 'failed', 'expired', 'released', 'requeued'),
    status: constantFrom<AnalysisStatus>('not_started', 'started', 'completed', 'failed'),
  })
  assert(
    property(array(entry, { maxLength: 8 }), (entries) => {
      const log = told(...entries.map(({ event, status }) => `${event}>${status}`))
      try {
        expect(replayLog(log)).toBe(log.at(-1)?.status ?? 'not_started')
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidTransitionError)
        return
      }
      // Any log that can be replayed changes status by legal transitions only.
      log.forEach(({ status }, n) => {
        const from = log[n - 1]?.status ?? 'not_started'
        expect(from === status || canTransition(from, status)).toBe(true)
      })
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  [
    ['started>started', 'completed>completed', 'requeued>not_started', 'started>started', 'failed>failed'],
    'failed',
  ],
  [['started>started', 'expired>not_started', 'started>started', 'released>not_started'], 'not_started'],
  [['started>started', 'failed>not_started', 'started>started', 'completed>completed'], 'completed'],
])('a story that can be: %j', (entries, status) => {
  expect(replayLog(told(...entries))).toBe(status)
})

test.each([
  [['completed>completed']],
  [['started>started', 'completed>completed', 'completed>completed']],
  [['started>started', 'completed>completed', 'started>started']],
  [['started>started', 'failed>failed', 'started>started']],
])('a story that cannot be: %j', (entries) => {
  expect(() => replayLog(told(...entries))).toThrow(InvalidTransitionError)
})

test('a row that arrives later shares a result without having been started', () => {
  const shared = {
    timestamp: at(0),
    event: 'ai_analysis_completed',
    status: 'completed',
    details: { shared: true },
  } as const
  expect(replayLog([shared])).toBe('completed')
  expect(() => replayLog([{ ...shared, details: {} }])).toThrow(InvalidTransitionError)
})

test('time never runs backwards', () => {
  assert(
    property(integer({ min: 1, max: 1e9 }), (ms) => {
      const [first, second] = told('started>started', 'completed>completed')
      expect(() =>
        replayLog([
          { ...first!, timestamp: at(ms) },
          { ...second!, timestamp: at(0) },
        ]),
      ).toThrow(InvalidLogError)
    }),
  )
})

test('every change of status comes with an event', () => {
  expect(STATUS_CHANGES).toEqual({
    not_started: ['started', 'completed', 'failed'],
    started: ['completed', 'not_started', 'failed'],
    completed: ['not_started'],
    failed: ['completed', 'not_started'],
  })
})
