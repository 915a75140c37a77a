import { expect, test } from 'vitest'
import { hashDistance, nearnessOf } from './distance.ts'

test('counts the bits that differ', () => {
  expect(hashDistance('00000000000000ff', '00000000000000ff')).toBe(0)
  expect(hashDistance('00000000000000ff', '80000000000000fe')).toBe(2)
  expect(hashDistance('ffffffffffffffff', '0000000000000000')).toBe(64)
})

test('says it in words', () => {
  expect([0, 3, 8].map(nearnessOf)).toEqual(['the same picture', 'nearly the same', 'similar'])
})
