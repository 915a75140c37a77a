import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

export interface PostFiles {
  /** Files and folders, each with all that is in it, and the zip archives in the folders. */
  readonly files: readonly string[]
  /** Dot files and `__MACOSX` folders, which operating systems leave beside files. */
  readonly skipped: number
  /** Symbolic links not followed because they lead out of the given folder, or nowhere. */
  readonly links: readonly string[]
}

/**
 * Finds the exports at the given paths: files, folders that hold any file, and the zip archives in those folders.
 * Follows symbolic links within a folder.
 *
 * @throws the file system's error when a path does not exist
 */
export async function findPostFiles(paths: readonly string[]): Promise<PostFiles> {
  const found = await Promise.all(paths.map(filesAt))
  return {
    files: [...new Set(found.flatMap(({ files }) => files))],
    skipped: found.reduce((sum, { skipped }) => sum + skipped, 0),
    links: found.flatMap(({ links }) => links),
  }
}

async function filesAt(path: string): Promise<PostFiles> {
  if (!(await stat(path)).isDirectory()) return { files: [path], skipped: 0, links: [] }
  const search: Search = {
    root: await realpath(path),
    seen: new Set(),
    files: new Map(),
    skipped: 0,
    links: [],
  }
  await searchFolder(path, search)
  const found = [...search.files.values()].sort()
  const archives = found.filter(isArchive)
  const files = archives.length < found.length ? [path, ...archives] : archives
  return { files, skipped: search.skipped, links: search.links.sort() }
}

interface Search {
  readonly root: string
  /** Real paths of folders: a link may lead back to a folder already searched. */
  readonly seen: Set<string>
  /** Paths by real path: a file and a link to it count as one. */
  readonly files: Map<string, string>
  readonly links: string[]
  skipped: number
}

async function searchFolder(folder: string, search: Search): Promise<void> {
  const real = await realpath(folder)
  if (search.seen.has(real)) return
  search.seen.add(real)
  const entries = await readdir(folder, { withFileTypes: true })
  // Links last, so that a file is listed by its own name and not by a link to it.
  const ordered = entries.sort((one, other) => Number(one.isSymbolicLink()) - Number(other.isSymbolicLink()))
  for (const entry of ordered) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || entry.name === '__MACOSX') {
      search.skipped++
      continue
    }
    const kind = entry.isSymbolicLink() ? await kindOfTarget(path, search) : entry
    if (kind?.isDirectory()) await searchFolder(path, search)
    else if (kind?.isFile()) {
      const target = await realpath(path)
      if (!search.files.has(target)) search.files.set(target, path)
    }
  }
}

function isArchive(path: string): boolean {
  return /\.zip$/i.test(path)
}

/** @returns undefined for a link that is not followed */
async function kindOfTarget(
  path: string,
  search: Search,
): Promise<{ isDirectory(): boolean; isFile(): boolean } | undefined> {
  const target = await realpath(path).catch(() => undefined)
  if (target !== undefined && isWithin(search.root, target)) return stat(target)
  search.links.push(path)
  return undefined
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`)
}
