import { expect, onTestFinished, test } from 'vitest'
import { createThreadPool } from './thread-pool.ts'
import type { Suspect } from './verify-thread.ts'

test('a thread that ends fails its batch, and another takes its place', async () => {
  const pool = createThreadPool(1)
  onTestFinished(() => pool.close())
  const noFile = { absolutePath: undefined, algorithm: 'md5', digest: '', byteSize: undefined } as const
  const broken = pool.check([null as unknown as Suspect])
  const waiting = pool.check([noFile])
  await expect(broken).rejects.toThrow()
  expect(await waiting).toEqual([false])
  expect(await pool.check([noFile, noFile])).toEqual([false, false])
})
