import { constantFrom, property, assert, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { canTransition, readStatus, UnknownStatusError, type AnalysisStatus } from './status.ts'

const STATUSES: readonly AnalysisStatus[] = ['not_started', 'started', 'completed', 'failed']
const LEGAL = [
  'not_started>started',
  'started>completed',
  'started>failed',
  'started>not_started',
  'failed>not_started',
  'completed>not_started',
]

test('every transition is one of six', () => {
  assert(
    property(tuple(constantFrom(...STATUSES), constantFrom(...STATUSES)), ([from, to]) => {
      const isLegal = LEGAL.includes(`${from}>${to}`)
      expect(canTransition(from, to)).toBe(isLegal)
    }),
  )
})

test('pending and null are read as not started, what is no status is a typed error', () => {
  expect([null, undefined, 'pending', 'failed'].map(readStatus)).toEqual([
    ...['not_started', 'not_started', 'not_started', 'failed'],
  ])
  for (const odd of ['done', '', 1, {}]) expect(() => readStatus(odd)).toThrow(UnknownStatusError)
})
