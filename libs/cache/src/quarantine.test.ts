import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { moveToQuarantine } from './quarantine.ts'
import { filesIn, newCache, randomSample, store } from './samples.fixture.ts'

test('leaves a good file alone that has taken the name of a bad one meanwhile', async () => {
  const cache = await newCache()
  const sample = randomSample()
  await store(cache, sample)
  const root = { path: cache.root, id: cache.id }
  const file = join(cache.root, sample.path)
  const { ino } = await stat(file)
  await moveToQuarantine(root, file, ino + 1)
  expect(await filesIn(cache)).toEqual([sample.path])
  await moveToQuarantine(root, file, ino)
  await moveToQuarantine(root, file, ino)
  expect(await filesIn(cache, 'quarantine')).toHaveLength(1)
})
