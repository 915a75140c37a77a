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

const MINUTE = 60_000

test('a stage that fails for long makes readiness fail with the reason, until it works again', () => {
  const progress = new StageProgress()
  progress.begin('inspect')
  progress.fail('inspect', new Error('no decoder'))
  const now = performance.now()
  expect(progress.assertWorking(now + 4 * MINUTE)).toMatch(/inspect failing/)
  progress.fail('inspect', new Error('no decoder'))
  expect(() => progress.assertWorking(now + 6 * MINUTE)).toThrow(/inspect failing for \d+ s \(no decoder\)/)
  progress.succeed('inspect')
  expect(progress.assertWorking(now + 60 * MINUTE)).toMatch(/inspect ok/)
})

test('a pass that settles nothing for long makes readiness fail; a long pass that settles something does not', async () => {
  const progress = new StageProgress()
  const stop = new AbortController()
  let settle = (): void => undefined
  const hanging = Promise.withResolvers<{ done: number; failed: number }>()
  const stage = {
    name: 'archive',
    reportsProgress: true,
    drain: (_signal: AbortSignal, onProgress?: () => void) => {
      settle = () => onProgress?.()
      return hanging.promise
    },
  }
  const silent = { name: 'import', drain: () => hanging.promise }
  const running = runStages([stage, silent], stop.signal, { log: pino({ level: 'silent' }), progress })
  const began = performance.now()
  expect(progress.assertWorking(began + 19 * MINUTE)).toMatch(/archive in its first pass/)
  expect(() => progress.assertWorking(began + 21 * MINUTE)).toThrow(/archive/)
  await new Promise((resolve) => setTimeout(resolve, 50))
  settle()
  const moved = performance.now()
  expect(progress.assertWorking(moved + 19 * MINUTE)).toMatch(/archive/)
  expect(() => progress.assertWorking(moved + 21 * MINUTE)).toThrow(/archive/)
  stop.abort()
  hanging.resolve({ done: 0, failed: 0 })
  await running
})
