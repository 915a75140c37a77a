import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CachePathError, CONTENT_FOLDERS, SERVICE_FOLDERS } from '@mediakeep/content'
import type { CacheRoot } from './cache-root.ts'
import { errnoOf } from './errors.ts'

export const {
  derived: DERIVED_FOLDER,
  quarantine: QUARANTINE_FOLDER,
  temporary: TEMPORARY_FOLDER,
} = SERVICE_FOLDERS

const CONTENT_NAME = /^([0-9a-f]{32})(?:-([0-9a-f]{64}))?\.[a-z0-9]{1,10}$/
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const OWN_FOLDERS: readonly string[] = Object.values(SERVICE_FOLDERS)

/** The digests in a file's name: `{md5}.jpg` or `{md5}-{sha256}.jpg`; undefined for other names. */
export function digestsOfName(fileName: string): { md5: string; sha256?: string } | undefined {
  const [, md5, sha256] = CONTENT_NAME.exec(fileName) ?? []
  if (md5 === undefined) return undefined
  return sha256 === undefined ? { md5 } : { md5, sha256 }
}

/** Before writing: accepts only paths as `cachePath` makes them. @throws CachePathError */
export function assertContentPath(path: string): void {
  const [folder, fileName, ...rest] = path.split('/')
  const known = CONTENT_FOLDERS.some((name) => name === folder)
  if (!known || rest.length > 0 || digestsOfName(fileName ?? '') === undefined) {
    throw new CachePathError(`Not the path of a cached content: ${JSON.stringify(path)}`)
  }
}

/**
 * Returns the absolute path for a row's `local_file_path`. Rows from an older tool may use its own folders, so any
 * relative path of plain names is accepted; no name may begin with a dot, and no folder on the way may be a link.
 * @throws CachePathError
 */
export async function resolvePath(root: CacheRoot, path: string): Promise<string> {
  assertPlain(path)
  await assertNoLinks(root.path, dirname(path))
  return join(root.path, path)
}

/** Resolves many paths, checking each folder once; undefined for a refused path. */
export async function resolvePaths(
  root: CacheRoot,
  paths: readonly string[],
): Promise<(string | undefined)[]> {
  const folders = new Map<string, Promise<void>>()
  return await Promise.all(
    paths.map(async (path) => {
      try {
        assertPlain(path)
        const folder = dirname(path)
        const looking = folders.get(folder) ?? assertNoLinks(root.path, folder)
        folders.set(folder, looking)
        await looking
        return join(root.path, path)
      } catch (error) {
        if (error instanceof CachePathError) return undefined
        throw error
      }
    }),
  )
}

function assertPlain(path: string): void {
  const segments = path.split('/')
  const plain = segments.every((segment) => SEGMENT.test(segment))
  if (!plain || segments.length < 2 || path.length > 400 || OWN_FOLDERS.includes(segments[0] ?? '')) {
    throw new CachePathError(`Not a path in the cache: ${JSON.stringify(path)}`)
  }
}

async function assertNoLinks(root: string, folder: string): Promise<void> {
  let absolute = root
  for (const name of folder.split('/')) {
    absolute = join(absolute, name)
    const isLink = await lstat(absolute).then(
      (stats) => stats.isSymbolicLink(),
      (error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return false
        throw error
      },
    )
    if (isLink)
      throw new CachePathError(`${absolute} is a symbolic link; make CACHE_DIR the real folder, or mount it`)
  }
}
