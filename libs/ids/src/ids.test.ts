import { expect, test } from 'vitest'
import { isId, newId } from './ids.ts'

test('ids are UUIDv7 in hex behind their prefix and sort by time', () => {
  const early = newId('med', 1_700_000_000_000)
  const late = newId('med', 1_700_000_000_001)
  expect(early).toMatch(/^med-018bcfe568007[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
  expect(early < late).toBe(true)
})

test('100,000 ids are all different', () => {
  const ids = new Set(Array.from({ length: 100_000 }, () => newId('p', 0)))
  expect(ids.size).toBe(100_000)
})

test('old ids of 8 hex digits stay valid, anything else is not an id', () => {
  expect(isId('med', 'med-0badcafe')).toBe(true)
  expect(isId('med', newId('med'))).toBe(true)
  expect(isId('p', newId('med'))).toBe(false)
  expect(isId('med', 'med-../../etc/passwd')).toBe(false)
})
