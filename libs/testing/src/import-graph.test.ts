import { expect, test } from 'vitest'
import { crossings, findCircle, foldersOf } from './import-graph.ts'

test('a circle is found', () => {
  const graph = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
    ['c', new Set(['b'])],
  ])
  expect(findCircle(graph)).toEqual(['b', 'c', 'b'])
})

test('folders can form a circle where files do not', () => {
  const files = new Map([
    ['x/a.ts', new Set(['y/a.ts'])],
    ['y/a.ts', new Set<string>()],
    ['y/b.ts', new Set(['x/b.ts', 'y/a.ts'])],
  ])
  expect(findCircle(files)).toBe(undefined)
  expect(findCircle(foldersOf(files))).toEqual(['x', 'y', 'x'])
  expect(crossings(files)).toEqual([
    ['x/a.ts', 'y/a.ts'],
    ['y/b.ts', 'x/b.ts'],
  ])
})
