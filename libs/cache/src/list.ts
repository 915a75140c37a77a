import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { CONTENT_FOLDERS } from '@mediakeep/content'
import { inBatches } from './batches.ts'
import { assertAvailable, type CacheRoot } from './cache-root.ts'
import { errnoOf } from './errors.ts'
import { DERIVED_FOLDER, digestsOfName, QUARANTINE_FOLDER } from './paths.ts'
import { entriesOf } from './temporary.ts'

export interface CachedFile {
  /** Relative to the root. */
  readonly path: string
  readonly byteSize: number
  /** Updated at most once an hour. */
  readonly lastUsedAt: Date
}

export interface Usage {
  readonly files: number
  readonly byteSize: number
}

export interface CacheStats {
  /** Contents, by folder. */
  readonly images: Usage
  readonly videos: Usage
  readonly audio: Usage
  readonly documents: Usage
  /** Made from contents; they count towards the limit too. */
  readonly thumbnails: Usage
  readonly quarantine: Usage
  /** Contents and thumbnails together. */
  readonly total: Usage
}

/** All contents, in no particular order. Skips files that no cache wrote. @throws CacheUnavailableError */
export function listFiles(root: CacheRoot): AsyncGenerator<CachedFile> {
  return withStats(root, listPaths(root))
}

/** Like `listFiles`, without a stat call per file. */
export async function* listPaths(root: CacheRoot): AsyncGenerator<string> {
  await assertAvailable(root)
  for (const folder of CONTENT_FOLDERS) {
    for await (const name of entriesOf(join(root.path, folder))) {
      if (digestsOfName(name) !== undefined) yield `${folder}/${name}`
    }
  }
}

export function listDerived(root: CacheRoot): AsyncGenerator<CachedFile> {
  return filesOf(root, DERIVED_FOLDER)
}

export async function statsOf(root: CacheRoot): Promise<CacheStats> {
  const usage = {
    images: none(),
    videos: none(),
    audio: none(),
    documents: none(),
    thumbnails: none(),
    total: none(),
  }
  for await (const { path, byteSize } of listFiles(root)) {
    const folder = CONTENT_FOLDERS.find((name) => path.startsWith(`${name}/`)) ?? 'documents'
    add(byteSize, usage[folder], usage.total)
  }
  for await (const { byteSize } of listDerived(root)) add(byteSize, usage.thumbnails, usage.total)
  const quarantine = none()
  for await (const { byteSize } of filesOf(root, QUARANTINE_FOLDER)) add(byteSize, quarantine)
  return { ...usage, quarantine }
}

function none(): { files: number; byteSize: number } {
  return { files: 0, byteSize: 0 }
}

function add(byteSize: number, ...usages: { files: number; byteSize: number }[]): void {
  for (const usage of usages) {
    usage.files += 1
    usage.byteSize += byteSize
  }
}

const STAT_BATCH = 64

function filesOf(root: CacheRoot, folder: string): AsyncGenerator<CachedFile> {
  return withStats(root, pathsOf(root, folder))
}

async function* pathsOf(root: CacheRoot, folder: string): AsyncGenerator<string> {
  for await (const name of entriesOf(join(root.path, folder))) yield `${folder}/${name}`
}

/** The regular files among these; skips files that vanish in the meantime. */
async function* withStats(root: CacheRoot, paths: AsyncIterable<string>): AsyncGenerator<CachedFile> {
  for await (const batch of inBatches(paths, STAT_BATCH)) {
    const files = await Promise.all(batch.map((path) => statOne(root, path)))
    yield* files.filter((file) => file !== undefined)
  }
}

async function statOne(root: CacheRoot, path: string): Promise<CachedFile | undefined> {
  try {
    const stats = await lstat(join(root.path, path))
    return stats.isFile() ? { path, byteSize: stats.size, lastUsedAt: stats.mtime } : undefined
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
