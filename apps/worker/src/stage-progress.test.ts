import pino from 'pino'
import { expect, test } from 'vitest'
import { runStages } from './run-stages.ts'
import { StageProgress } from './stage-progress.ts'

test('says which stages work, and which fail for how long and why', async () => {
  const stop = new AbortController()
  const progress = new StageProgress()
  let passes = 0
  const steady = { name: 'steady', drain: () => Promise.resolve({ done: passes++, failed: 0 }) }
  const failing = { name: 'failing', drain: () => Promise.reject(new Error('the disk is full')) }
  const running = runStages([steady, failing], stop.signal, {
    log: pino({ level: 'silent' }),
    idleMs: 1,
    failureMs: 1,
    progress,
  })
  await expect
    .poll(() => progress.summary())
    .toBe('steady ok 0 s ago, failing failing for 0 s (the disk is full)')
  stop.abort()
  await running
})
