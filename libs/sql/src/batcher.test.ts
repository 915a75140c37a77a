import { expect, test } from 'vitest'
import { batcher } from './batcher.ts'

test('calls that come together make one batch; each gets its own result', async () => {
  const sizes: number[] = []
  const double = batcher((items: readonly number[]) => {
    sizes.push(items.length)
    return Promise.resolve(items.map((item) => item * 2))
  })
  expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6])
  expect(sizes).toEqual([3])
})

test('an item that is refused fails alone', async () => {
  const run = batcher((items: readonly number[]) =>
    items.includes(2) ? Promise.reject(new Error('refused')) : Promise.resolve(items),
  )
  const results = await Promise.allSettled([1, 2, 3].map(run))
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a failure that passes is tried again, whole', async () => {
  let failures = 2
  const run = batcher((items: readonly number[]) =>
    failures-- > 0
      ? Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
      : Promise.resolve(items),
  )
  expect(await Promise.all([1, 2].map(run))).toEqual([1, 2])
})
