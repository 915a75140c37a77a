import { expect, test } from 'vitest'
import { batcher } from './batcher.ts'

test('calls that come together make one batch; each gets its own result', async () => {
  const sizes: number[] = []
  const double = batcher(async (items: readonly number[]) => {
    sizes.push(items.length)
    return items.map((item) => item * 2)
  })
  expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6])
  expect(sizes).toEqual([3])
})

test('an item that is refused fails alone', async () => {
  const run = batcher(async (items: readonly number[]) => {
    if (items.includes(2)) throw new Error('refused')
    return items
  })
  const results = await Promise.allSettled([1, 2, 3].map(run))
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a failure that passes is tried again, whole', async () => {
  let failures = 2
  const run = batcher(async (items: readonly number[]) => {
    if (failures-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
    return items
  })
  expect(await Promise.all([1, 2].map(run))).toEqual([1, 2])
})
