import type { Stage } from '@mediakeep/lease'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { runStages } from './run-stages.ts'

const log = pino({ level: 'silent' })

test('a stage that fails is tried again, and the others go on meanwhile', async () => {
  const stop = new AbortController()
  let failures = 0
  let passes = 0
  const failing: Stage = {
    name: 'failing',
    drain: () => (++failures < 3 ? Promise.reject(new Error('the database restarts')) : finish()),
  }
  const steady: Stage = { name: 'steady', drain: () => Promise.resolve({ done: ++passes, failed: 0 }) }
  const finish = (): Promise<{ done: number; failed: number }> => {
    stop.abort()
    return Promise.resolve({ done: 0, failed: 0 })
  }
  await runStages([failing, steady], stop.signal, { log, idleMs: 1, failureMs: 5 })
  expect(failures).toBe(3)
  expect(passes).toBeGreaterThan(1)
})

test('an abort waits for what is under way', async () => {
  const stop = new AbortController()
  let isGivenBack = false
  const slow: Stage = {
    name: 'slow',
    drain: (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () =>
          setTimeout(() => {
            isGivenBack = true
            resolve({ done: 0, failed: 0 })
          }, 20),
        )
      }),
  }
  setTimeout(() => stop.abort(), 5)
  await runStages([slow], stop.signal, { log })
  expect(isGivenBack).toBe(true)
})
