import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { compare, formatComparison, median } from './compare.ts'

test('the median of three', () => expect(median([9, 1, 5])).toBe(5))

test('the clock runs for the work and not for its preparation', async () => {
  const comparison = await compare({
    name: 'sleep',
    unit: 'naps/s',
    aim: 1.5,
    against: 'longer naps',
    ours: { prepare: () => sleep(50), run: () => sleep(5).then(() => 1) },
    reference: { run: () => sleep(50).then(() => 1) },
    runs: 1,
  })
  expect(comparison.ours).toBeGreaterThan(comparison.reference * 2)
  expect(formatComparison(comparison)).toContain('(aim 1.50) ok')
})
