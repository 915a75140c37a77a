import { glob, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'

/** The nodes that each node points to: files by path, or folders. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** Reads which files in a folder import which others in it, values and types alike. Omits tests and fixtures. */
export async function readImports(root: string): Promise<Map<string, ReadonlySet<string>>> {
  const graph = new Map<string, ReadonlySet<string>>()
  for await (const file of glob('**/*.{ts,tsx}', { cwd: root })) {
    if (/\.(?:test|fixture)\.tsx?$/.test(file)) continue
    const text = await readFile(join(root, file), 'utf8')
    const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    graph.set(file, new Set(imported.map(([, path]) => normalize(join(dirname(file), path!)))))
  }
  return graph
}

/** Folds a graph of files into a graph of their folders. */
export function foldersOf(files: Graph): Graph {
  const folders = new Map<string, Set<string>>()
  for (const [from, to] of crossings(files)) {
    folders.set(dirname(from), (folders.get(dirname(from)) ?? new Set()).add(dirname(to)))
  }
  return folders
}

/** Lists the imports that cross from one folder to another. */
export function crossings(files: Graph): (readonly [from: string, to: string])[] {
  return [...files]
    .flatMap(([from, imported]) => [...imported].map((to) => [from, to] as const))
    .filter(([from, to]) => dirname(from) !== dirname(to))
}

/** @returns a path from a node back to itself, or undefined */
export function findCircle(graph: Graph): string[] | undefined {
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
