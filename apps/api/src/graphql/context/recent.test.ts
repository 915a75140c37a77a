import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { recent } from './recent.ts'

test('who asks meanwhile, and for a while after, gets the same; then it is read again', async () => {
  let reads = 0
  const ask = recent(async () => {
    reads++
    await sleep(1)
    return reads
  }, 60)
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
  expect(await ask()).toBe(1)
  await sleep(120)
  expect(await ask()).toBe(2)
})

test('what takes long is kept for longer', async () => {
  let reads = 0
  const ask = recent(async () => {
    reads++
    await sleep(50)
    return reads
  }, 1)
  await ask()
  await sleep(100)
  expect(await ask()).toBe(1)
})

test('a failure is not kept', async () => {
  let reads = 0
  const ask = recent(
    () => (++reads === 1 ? Promise.reject(new Error('no database')) : Promise.resolve(reads)),
    60_000,
  )
  await expect(ask()).rejects.toThrow('no database')
  expect(await ask()).toBe(2)
})
