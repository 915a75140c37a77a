import { expect, test } from 'vitest'
import { readPostedAtMillis } from './posted-at.ts'

test.each([
  ['youtube', 1_733_000_000n, 1_733_000_000_000],
  ['substack', 1_733_000_000n, 1_733_000_000_000],
  ['youtube', 1_733_000_000_123n, 1_733_000_000_123],
  ['linkedin', 1_733_000_000n, 1_733_000_000],
  [null, 1_733_000_000_123n, 1_733_000_000_123],
])('on %s, the stored time %i is %i milliseconds', (platform, stored, millis) => {
  expect(readPostedAtMillis(platform, stored)).toBe(millis)
})
