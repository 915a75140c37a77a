import { findCircle, foldersOf, readImports } from '@mediakeep/testing'
import { expect, test } from 'vitest'

test('files and folders import in one direction, types too', async () => {
  const files = await readImports(import.meta.dirname)
  expect(files.size).toBeGreaterThan(60)
  expect(findCircle(files)).toBe(undefined)
  expect(findCircle(foldersOf(files))).toBe(undefined)
})
