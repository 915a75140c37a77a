import { expect, test } from 'vitest'
import { backoff, withJitter } from './backoff.ts'

test.each([
  [{ first: 10, longest: 60 }, [10, 20, 40, 60, 60]],
  [{ first: 10, longest: 3600, factor: 3 }, [10, 30, 90, 270, 810]],
])('%o pauses %o', (options, pauses) => {
  expect([1, 2, 3, 4, 5].map((failures) => backoff(failures, options))).toEqual(pauses)
  expect(backoff(5000, options)).toBe(options.longest)
})

test('jitter varies a pause within its limits', () => {
  const pauses = Array.from({ length: 200 }, () =>
    backoff(3, { first: 10, longest: 60, jitter: [0.75, 1.25] }),
  )
  for (const pause of [...pauses, withJitter(40, [0.75, 1.25])]) {
    expect(pause).toBeGreaterThanOrEqual(30)
    expect(pause).toBeLessThanOrEqual(50)
  }
  expect(new Set(pauses).size).toBeGreaterThan(100)
})
