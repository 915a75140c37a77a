import { crossings, findCircle, foldersOf, readImports } from '@mediakeep/testing'
import { expect, test } from 'vitest'

test('files and folders import in one direction, and few imports lead from one folder into another', async () => {
  const files = await readImports(import.meta.dirname)
  // The index re-exports every folder, and no file imports it.
  files.delete('index.ts')
  expect(files.size).toBeGreaterThan(30)
  expect(findCircle(files)).toBe(undefined)
  expect(findCircle(foldersOf(files))).toBe(undefined)
  expect(crossings(files).length).toBeLessThanOrEqual(20)
})
