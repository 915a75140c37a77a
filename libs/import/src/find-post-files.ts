import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Files as they are named; of folders every `*.json`, `*.ndjson` and `*.jsonl` below them, sorted.
 *
 * @throws the file system's error when a path does not exist
 */
export async function findPostFiles(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(filesAt))
  return [...new Set(found.flat())]
}

async function filesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(?:json|ndjson|jsonl)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
