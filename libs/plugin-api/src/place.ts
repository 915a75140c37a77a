import { posix } from 'node:path'
import type { Place } from './source-format.ts'

/** The place of an item that no file surrounds, such as a post read from the database. Also for tests of formats. */
export function placeOf(path = '', files: readonly string[] = []): Place {
  const known = new Set(files)
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
  return {
    path,
    kept: {},
    around: [],
    facts: {},
    resolve: (wanted) => pathsOf(folder, wanted).find((candidate) => known.has(candidate)),
    beside: (prefix) => files.filter((file) => isBeside(file, folder, prefix)).sort(),
  }
}

/** The paths in an export that `wanted` may mean: from its root, then from the item's folder. */
export function pathsOf(folder: string, wanted: string): string[] {
  if (wanted === '' || wanted.startsWith('/') || wanted.includes('\0')) return []
  const paths = [posix.normalize(wanted), posix.normalize(folder + wanted)]
  return [...new Set(paths)].filter((path) => path !== '..' && !path.startsWith('../'))
}

function isBeside(file: string, folder: string, prefix: string): boolean {
  return file.startsWith(folder + prefix) && !file.slice(folder.length).includes('/')
}
