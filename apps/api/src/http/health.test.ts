import { expect, test } from 'vitest'
import { openReadiness } from './health.ts'

test('however many ask, a check runs once, and its result is shared for a while', async () => {
  let runs = 0
  const readiness = openReadiness({ database: () => Promise.resolve(runs++) })
  const answers = await Promise.all(Array.from({ length: 500 }, () => readiness()))
  expect(runs).toBe(1)
  expect(answers[499]).toEqual([['database', { ok: true, text: 'ok' }]])
  await readiness()
  expect(runs).toBe(1)
})

test('a check that does not answer fails, and is not started again while it runs', async () => {
  let runs = 0
  const never = new Promise<never>(() => undefined)
  const readiness = openReadiness({ database: () => (runs++, never) })
  expect(await readiness()).toEqual([['database', { ok: false, text: 'no answer within 5000 ms' }]])
  await new Promise((resolve) => setTimeout(resolve, 3100))
  expect((await readiness())[0]![1].ok).toBe(false)
  expect(runs).toBe(1)
})

test('some checks are answered without a wait for the others', async () => {
  const readiness = openReadiness({
    database: () => Promise.resolve('here'),
    archive: () => new Promise<never>(() => undefined),
  })
  const all = readiness().then(() => 'all')
  const some = readiness(['database'])
  expect(await Promise.race([all, some])).toEqual([['database', { ok: true, text: 'here' }]])
})
