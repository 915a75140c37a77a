import { expect, test } from 'vitest'
import { openRateLimiter } from './rate-limiter.ts'

test('a sixth of a minute’s turns at once, then as many as come back', () => {
  let now = 0
  const limiter = openRateLimiter(60, () => now)
  const allowed = (): number =>
    Array.from({ length: 100 }, () => limiter.take('a')).filter((turn) => turn.allowed).length
  expect(allowed()).toBe(10)
  expect(limiter.take('a')).toEqual({ allowed: false, remaining: 0, retryAfterSeconds: 1, resetSeconds: 10 })
  now += 2500
  expect(allowed()).toBe(2)
  now += 3_600_000
  expect(allowed()).toBe(10)
})

test('one does not take the turns of another', () => {
  const limiter = openRateLimiter(60, () => 0)
  while (limiter.take('a').allowed);
  expect(limiter.take('b').allowed).toBe(true)
})

test('of many keys the latest are remembered, in bounded memory', () => {
  const limiter = openRateLimiter(6, () => 0)
  limiter.take('late')
  for (let key = 0; key < 9_999; key++) limiter.take(String(key))
  expect(limiter.take('late').allowed).toBe(false)
  for (let key = 0; key < 20_000; key++) limiter.take(`other ${key}`)
  expect(limiter.take('late').allowed).toBe(true)
})
