import { expect, test } from 'vitest'
import { parseExpiry } from './expiry.ts'

const now = new Date('2026-11-23T12:00:00Z')

test.each([
  ['90d', '2027-02-21T12:00:00.000Z'],
  ['12h', '2026-11-24T00:00:00.000Z'],
  ['30m', '2026-11-23T12:30:00.000Z'],
  ['2027-01-31', '2027-01-31T00:00:00.000Z'],
  ['2027-01-31T08:30Z', '2027-01-31T08:30:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(parseExpiry(text, now)?.toISOString()).toBe(expected)
})

test.each(['', '0d', '90', '90 days', 'never', '2026-11-22', '2027-13-01', '-1d'])('%j is none', (text) => {
  expect(parseExpiry(text, now)).toBe(undefined)
})
