import { expect, test } from 'vitest'
import { isoTime, unixTime, utcDate } from './times.ts'

const NOON = Date.UTC(2024, 4, 1, 12, 30)

test.each([
  ['2024-05-01T12:30:00.000Z', NOON],
  ['2024-05-01T12:30:00+0000', NOON],
  ['2024-05-01T14:30:00+02:00', NOON],
  ['2024-05-01 12:30:00 UTC', NOON],
  ['2024-05-01 12:30:00', NOON],
  ['2024-05-01 12:30', NOON],
  ['2024-05-01T12:30:00.1234567Z', NOON + 123],
  ['2024-05-01', Date.UTC(2024, 4, 1)],
  ['2024-13-01', undefined],
  ['2024-02-31', undefined],
  ['01/05/2024', undefined],
  [1714557600, undefined],
])('%s', (text, time) => {
  expect(utcDate(text)).toBe(time)
})

test('seconds become milliseconds; zero is no time', () => {
  expect(unixTime(1714566600)).toBe(NOON)
  expect(unixTime('1714566600')).toBe(NOON)
  expect(unixTime(0)).toBeUndefined()
})

test.each([
  ['2024-05-01T12:30:00Z', NOON],
  ['2024-05-01 14:30:00+0200', NOON],
  ['2024-05-01T12:30:00', undefined],
  ['2024-02-31T12:30:00Z', undefined],
  ['1970-01-01T00:00:00Z', undefined],
])('ISO 8601 with a zone: %s', (text, time) => {
  expect(isoTime(text)).toBe(time)
})
