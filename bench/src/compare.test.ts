import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { compare, formatFinding, median } from './compare.ts'

test('the median of three', () => expect(median([9, 1, 5])).toBe(5))

test('the clock runs for the work and not for its preparation', async () => {
  const [comparison] = await compare({
    name: 'sleep',
    unit: 'naps/s',
    ours: { prepare: () => sleep(50), run: () => sleep(5).then(() => 1) },
    references: [{ against: 'longer naps', aim: 1.5, run: () => sleep(50).then(() => 1) }],
    runs: 1,
  })
  expect(comparison!.ours).toBeGreaterThan(comparison!.reference * 2)
  expect(formatFinding(comparison!)).toContain('(aim 1.50) ok')
})

test('what misses its aim says so', () => {
  const missed = { name: 'a', unit: 'files/s', aim: 0.6, against: 'b', ours: 1, reference: 2 }
  expect(formatFinding(missed)).toBe('a: 1 files/s, b: 2, ratio 0.50 (aim 0.60) BELOW')
  expect(formatFinding({ name: 'a', unit: 'MB', value: 301, atMost: 300 })).toBe(
    'a: 301 MB (at most 300) ABOVE',
  )
})
