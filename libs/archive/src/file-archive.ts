import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Readable } from 'node:stream'
import { DigestCounter, type Digests } from '@mediakeep/checksum'
import {
  ArchiveError,
  ArchiveMissError,
  type Archive,
  type ArchiveCheck,
  type ArchivedObject,
  type ArchiveSource,
  type ByteRange,
} from '@mediakeep/content'
import { fileError, isMissing } from './file-errors.ts'
import { openFileRoot, syncFolder, writeSynced, type FileRoot } from './file-root.ts'
import { checkKey, isKey } from './key.ts'
import { SourceFailure, sourceChunks } from './source-body.ts'

export interface FileArchiveOptions {
  /**
   * True if an empty or missing folder may become a new archive. Pass false if something was archived before: then
   * the folder is not empty but unmounted. Default true.
   */
  readonly create?: boolean | undefined
  /** The archive's id when it was last opened; any other id is rejected. */
  readonly expectId?: string | undefined
}

/** An archive in a folder. */
export interface FileArchive extends Archive {
  /** The UUID stored in the folder; identifies the archive wherever it is mounted. */
  readonly id: string
}

/** Stored beside each object in sha256sum's format: `sha256sum -c *.sha256` checks a folder by hand. */
const SIDECAR = '.sha256'

async function readSidecar(path: string): Promise<string | undefined> {
  try {
    return /^[0-9a-f]{64}(?= )/.exec(await readFile(path + SIDECAR, 'utf8'))?.[0]
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function head(root: FileRoot, key: string): Promise<ArchivedObject | undefined> {
  checkKey(key)
  await root.check()
  const path = root.pathOf(key)
  try {
    const { size } = await stat(path)
    return { key, byteSize: size, sha256: await readSidecar(path) }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw fileError(error, 'read', key)
  }
}

/** Copies the source, hashes it on the way, and syncs it to disk. */
async function writeCopy(path: string, source: ArchiveSource, signal?: AbortSignal): Promise<void> {
  const counter = new DigestCounter()
  const file = await open(path, 'wx')
  try {
    for await (const chunk of sourceChunks(source, source.digests.byteSize)) {
      signal?.throwIfAborted()
      counter.update(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  const { md5, sha256 } = counter.digests()
  if (md5 !== source.digests.md5 || sha256 !== source.digests.sha256) {
    throw new ArchiveError(
      'digest_mismatch',
      `The source of ${source.key} gave other bytes than its digests say`,
    )
  }
}

/** An object is stored only once its name, and those of its parent folders, survive a power failure. */
async function syncPath(root: FileRoot, key: string): Promise<void> {
  const top = root.pathOf('.')
  for (let folder = dirname(root.pathOf(key)); folder.length >= top.length; folder = dirname(folder)) {
    await syncFolder(folder)
  }
}

/** Cleans up a publication that failed between its two renames; the digest of an existing object stays. */
async function removeLoneSidecar(path: string): Promise<void> {
  if ((await stat(path).catch(isMissing)) === true) await rm(path + SIDECAR, { force: true })
}

/** Renames the sidecar first, so that every visible object has its digest beside it. */
async function publish(root: FileRoot, temporary: string, { key, digests }: ArchiveSource): Promise<void> {
  const path = root.pathOf(key)
  await mkdir(dirname(path), { recursive: true })
  await writeSynced(temporary + SIDECAR, `${digests.sha256}  ${basename(path)}\n`)
  await rename(temporary + SIDECAR, path + SIDECAR)
  try {
    await rename(temporary, path)
  } catch (error) {
    await removeLoneSidecar(path)
    throw error
  }
  await syncPath(root, key)
}

/** Another attempt may have failed to sync what it published, so sync it before anyone relies on it. */
async function keepPresent(root: FileRoot, key: string): Promise<'present'> {
  try {
    await syncPath(root, key)
    return 'present'
  } catch (error) {
    throw fileError(error, 'store', key)
  }
}

async function put(
  root: FileRoot,
  source: ArchiveSource,
  signal?: AbortSignal,
): Promise<'stored' | 'present'> {
  const { key, digests } = source
  signal?.throwIfAborted()
  const check = await verify(root, key, digests, 'deep')
  if (check === 'ok') return await keepPresent(root, key)
  const claimed = check === 'corrupt' && (await readSidecar(root.pathOf(key))) === digests.sha256
  if (check === 'corrupt' && !claimed) {
    throw new ArchiveError('conflict', `A different content is already archived under ${key}`)
  }
  const temporary = root.temporaryPath()
  try {
    await writeCopy(temporary, source, signal)
    await publish(root, temporary, source)
    return 'stored'
  } catch (error) {
    throw error instanceof SourceFailure ? error.cause : fileError(error, 'store', key)
  } finally {
    await rm(temporary, { force: true })
    await rm(temporary + SIDECAR, { force: true })
  }
}

async function openFile(
  root: FileRoot,
  key: string,
  range?: ByteRange,
  signal?: AbortSignal,
): Promise<Readable> {
  checkKey(key)
  await root.check()
  try {
    const file = await open(root.pathOf(key), 'r')
    const { start = 0, end } = range ?? {}
    return createReadStream('', {
      fd: file,
      start,
      highWaterMark: 256 * 1024,
      ...(end === undefined ? {} : { end }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    throw isMissing(error) ? new ArchiveMissError(key, { cause: error }) : fileError(error, 'open', key)
  }
}

async function verify(
  root: FileRoot,
  key: string,
  digests: Digests,
  depth: 'head' | 'deep',
  signal?: AbortSignal,
): Promise<ArchiveCheck> {
  const found = await head(root, key)
  if (!found) return 'missing'
  if (found.byteSize !== digests.byteSize) return 'corrupt'
  if (depth === 'head') {
    if (found.sha256 === undefined) return 'unproven'
    return found.sha256 === digests.sha256 ? 'ok' : 'corrupt'
  }
  const hash = createHash('sha256')
  try {
    for await (const chunk of (await openFile(root, key, undefined, signal)) as AsyncIterable<Buffer>) {
      hash.update(chunk)
    }
  } catch (error) {
    if (error instanceof ArchiveMissError) return 'missing'
    throw fileError(error, 'read', key)
  }
  return hash.digest('hex') === digests.sha256 ? 'ok' : 'corrupt'
}

async function remove(root: FileRoot, key: string): Promise<void> {
  checkKey(key)
  await root.check()
  const path = root.pathOf(key)
  try {
    await rm(path, { force: true })
    await rm(path + SIDECAR, { force: true })
    await syncFolder(dirname(path))
  } catch (error) {
    if (!isMissing(error)) throw fileError(error, 'remove', key)
  }
}

/** Opens a folder as the archive of one machine; it keeps its own copies. @throws ArchiveError */
export async function openFileArchive(
  folder: string,
  { create = true, expectId }: FileArchiveOptions = {},
): Promise<FileArchive> {
  const root = await openFileRoot(folder, { create, expectId })
  return {
    id: root.id,
    kind: 'file',
    urlOf: (key) => `file:${key}`,
    keyOf(url) {
      const key = url.slice('file:'.length)
      return url.startsWith('file:') && isKey(key) ? key : undefined
    },
    put: (source, signal) => put(root, source, signal),
    head: (key) => head(root, key),
    open: (key, range, signal) => openFile(root, key, range, signal),
    verify: (key, digests, depth, signal) => verify(root, key, digests, depth, signal),
    remove: (key) => remove(root, key),
    presign: () => Promise.resolve(undefined),
    ping: () => root.check(),
  }
}
