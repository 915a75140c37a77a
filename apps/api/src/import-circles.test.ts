import { glob, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** What each file imports of this app, values and types alike. Tests and fixtures are outside the layers. */
async function readImports(): Promise<Graph> {
  const graph = new Map<string, ReadonlySet<string>>()
  for await (const file of glob('**/*.ts', { cwd: import.meta.dirname })) {
    if (/\.(?:test|fixture)\.ts$/.test(file)) continue
    const text = await readFile(join(import.meta.dirname, file), 'utf8')
    const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    graph.set(file, new Set(imported.map(([, path]) => normalize(join(dirname(file), path!)))))
  }
  return graph
}

function foldersOf(files: Graph): Graph {
  const folders = new Map<string, Set<string>>()
  for (const [file, imported] of files) {
    const from = dirname(file)
    const others = [...imported].map((path) => dirname(path)).filter((folder) => folder !== from)
    folders.set(from, new Set([...(folders.get(from) ?? []), ...others]))
  }
  return folders
}

/** @returns a way from a node back to itself, or undefined */
function circleIn(graph: Graph): string[] | undefined {
  const done = new Set<string>()
  const search = (node: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(node)
    if (at >= 0) return [...path.slice(at), node]
    if (done.has(node)) return undefined
    for (const next of graph.get(node) ?? []) {
      const circle = search(next, [...path, node])
      if (circle) return circle
    }
    done.add(node)
    return undefined
  }
  for (const node of graph.keys()) {
    const circle = search(node, [])
    if (circle) return circle
  }
  return undefined
}

test('files and folders import in one direction, types too', async () => {
  const files = await readImports()
  expect(files.size).toBeGreaterThan(80)
  expect(circleIn(files)).toBe(undefined)
  expect(circleIn(foldersOf(files))).toBe(undefined)
})

test('a circle is found', () => {
  const graph = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
    ['c', new Set(['b'])],
  ])
  expect(circleIn(graph)).toEqual(['b', 'c', 'b'])
})
