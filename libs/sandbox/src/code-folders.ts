import { existsSync, readdirSync, realpathSync, type Dirent } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folders and files from which a module loads its code: its own folder, the node_modules folders above it, and
 * the packages that those link to. A workspace's own folder is never among them, because `.env` and data may be there.
 */
export function codeFolders(module: string): string[] {
  if (!module.startsWith('file:')) return []
  const file = realpathSync(fileURLToPath(module))
  const roots = ancestors(file).filter((folder) => existsSync(join(folder, 'node_modules')))
  const found = roots.flatMap((root) => [
    join(root, 'node_modules'),
    join(root, 'package.json'),
    ...linkedPackages(join(root, 'node_modules')).map((folder) => partOf(roots, folder) ?? folder),
  ])
  found.push(partOf(roots, file) ?? dirname(file))
  return withoutNested(found.filter((path) => existsSync(path)))
}

/** Removes what is inside another of the paths. */
export function withoutNested(paths: readonly string[]): string[] {
  const kept: string[] = []
  for (const path of [...new Set(paths)].sort((a, b) => a.length - b.length))
    if (!kept.some((folder) => path === folder || path.startsWith(folder + sep))) kept.push(path)
  return kept
}

/** The entry of the nearest root that contains the path, such as `libs`: one mount for all packages beside it. */
function partOf(roots: readonly string[], path: string): string | undefined {
  const root = roots.find((one) => path.startsWith(one + sep))
  return root && join(root, path.slice(root.length + 1).split(sep)[0]!)
}

function linkedPackages(nodeModules: string): string[] {
  const entries = list(nodeModules)
  const scopes = entries.filter((entry) => entry.name.startsWith('@') && entry.isDirectory())
  return [...entries, ...scopes.flatMap((scope) => list(join(nodeModules, scope.name)))]
    .filter((entry) => entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path))
}

function list(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true })
}

/** All folders above a path, nearest first. */
function ancestors(path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [] : [parent, ...ancestors(parent)]
}
