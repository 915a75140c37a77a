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

test('passes of a routine stage are logged at debug, unless something failed', async () => {
  const lines: { level: number; stage: string; failed: number }[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) }
  const stop = new AbortController()
  let passes = 0
  const routine: Stage = {
    name: 'routine',
    isRoutine: true,
    drain: () => {
      if (++passes === 2) stop.abort()
      return Promise.resolve({ done: 1, failed: passes - 1 })
    },
  }
  await runStages([routine], stop.signal, { log: pino({ level: 'debug' }, stream), idleMs: 1 })
  expect(lines).toMatchObject([
    { level: 20, stage: 'routine', failed: 0 },
    { level: 30, stage: 'routine', failed: 1 },
  ])
})
