import { open, type FileHandle } from 'node:fs/promises'
import { pipeline, Readable, Transform, type TransformCallback } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { ContainerError, type Container, type Member } from './container.ts'
import { fileDigest } from './file-digest.ts'
import { findDirectory } from './find-directory.ts'
import { FREE_BYTES, isBomb, bombError, MAX_RATIO } from './limits.ts'
import { isHidden } from './member-path.ts'
import { Refusals } from './refusals.ts'
import { SortedMembers } from './sorted-members.ts'
import { readDirectory, type ZipEntry } from './zip-directory.ts'

/** @throws ContainerError when it is no zip archive, or not a whole one */
export async function openZip(path: string): Promise<Container> {
  const file = await open(path)
  try {
    const { size, mtimeMs } = await file.stat()
    const place = { ...(await findDirectory(path, file, size)), fileSize: size }
    const refusals = new Refusals()
    const found = (await readDirectory(file, place, refusals)).filter((entry) => !isHidden(entry.path))
    const entries = refuseBombs(refuseOverlaps(refuseDuplicates(found, refusals), refusals), size, refusals)
    return containerOf(
      { path, size, modifiedAt: Math.floor(mtimeMs) },
      file,
      new SortedMembers(entries),
      refusals,
    )
  } catch (error) {
    await file.close()
    throw error
  }
}

function refuseDuplicates(entries: readonly ZipEntry[], refusals: Refusals): ZipEntry[] {
  const seen = new Set<string>()
  return entries.filter(({ path }) => {
    const isFirst = !seen.has(path)
    seen.add(path)
    if (!isFirst) refusals.add(path, new ContainerError('duplicate_name', 'another member has the same name'))
    return isFirst
  })
}

/** Members that share bytes make a small archive decompress to petabytes. */
function refuseOverlaps(entries: readonly ZipEntry[], refusals: Refusals): ZipEntry[] {
  let end = 0
  return entries
    .toSorted((one, other) => one.headerAt - other.headerAt)
    .filter(({ path, headerAt, compressedSize }) => {
      const isApart = headerAt >= end
      if (isApart) end = headerAt + 30 + compressedSize
      else refusals.add(path, new ContainerError('overlap', 'its data overlaps with those of another member'))
      return isApart
    })
}

function refuseBombs(entries: readonly ZipEntry[], archiveBytes: number, refusals: Refusals): ZipEntry[] {
  let total = 0
  return entries.filter(({ path, compressedSize, byteSize }) => {
    const isTooMuch = total + byteSize > archiveBytes * MAX_RATIO + FREE_BYTES
    if (!isTooMuch && !isBomb(compressedSize, byteSize)) {
      total += byteSize
      return true
    }
    refusals.add(path, bombError())
    return false
  })
}

function containerOf(
  { path, size, modifiedAt }: { path: string; size: number; modifiedAt: number },
  file: FileHandle,
  members: SortedMembers<ZipEntry>,
  refusals: Refusals,
): Container {
  const toMember = (entry: ZipEntry): Member => ({
    path: entry.path,
    byteSize: entry.byteSize,
    order: entry.headerAt,
    open: (signal) => openEntry(file, entry, signal),
  })
  return {
    kind: 'zip',
    path,
    byteSize: size,
    modifiedAt,
    memberCount: members.entries.length,
    refused: refusals.listed,
    get refusedCount() {
      return refusals.count
    },
    member: (index) => toMember(members.entries[index]!),
    find: (wanted) => {
      const entry = members.find(wanted)
      return entry && toMember(entry)
    },
    has: (wanted) => members.find(wanted) !== undefined,
    refusal: (wanted) => (members.find(wanted) ? undefined : refusals.of(wanted)),
    beside: (folder, prefix) => members.beside(folder, prefix),
    digest: () => fileDigest(path),
    close: () => file.close(),
  }
}

function openEntry(file: FileHandle, entry: ZipEntry, signal?: AbortSignal): Readable {
  return Readable.from(entryBytes(file, entry, signal), { objectMode: false })
}

async function* entryBytes(
  file: FileHandle,
  entry: ZipEntry,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const start = await dataStart(file, entry)
  const check = new EntryCheck(entry)
  const raw = Readable.from(readRange(file, start, entry.compressedSize, signal), { objectMode: false })
  if (entry.method === 0) pipeline(raw, check, ignore)
  else pipeline(raw, createInflateRaw(), check, ignore)
  try {
    yield* check
  } catch (error) {
    throw asContainerError(error as Error)
  } finally {
    raw.destroy()
  }
}

const CHUNK_BYTES = 64 * 1024

/** A stream of the handle would close it when it ends early. */
async function* readRange(
  file: FileHandle,
  start: number,
  length: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < length;) {
    signal?.throwIfAborted()
    const wanted = Math.min(CHUNK_BYTES, length - at)
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, start + at)
    if (bytesRead === 0) throw new ContainerError('truncated', 'the archive ends within its data')
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** The last stream of the pipeline reports the error. */
function ignore(): void {
  return undefined
}

/** The local header may have other extra fields than the directory. */
async function dataStart(file: FileHandle, { headerAt }: ZipEntry): Promise<number> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(30), 0, 30, headerAt)
  if (bytesRead < 30 || buffer.readUInt32LE(0) !== 0x04034b50) {
    throw new ContainerError('damaged', 'its data do not begin where the list of members says')
  }
  return headerAt + 30 + buffer.readUInt16LE(26) + buffer.readUInt16LE(28)
}

/** Compares size and checksum with the directory: too many bytes fail at once, the rest at the end. */
class EntryCheck extends Transform {
  readonly #entry: ZipEntry
  #bytes = 0
  #crc = 0

  constructor(entry: ZipEntry) {
    super()
    this.#entry = entry
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length
    this.#crc = crc32(chunk, this.#crc)
    if (this.#bytes > this.#entry.byteSize) done(this.#wrongSize())
    else done(null, chunk)
  }

  override _flush(done: TransformCallback): void {
    if (this.#bytes !== this.#entry.byteSize) done(this.#wrongSize())
    else if (this.#crc !== this.#entry.crc32) {
      done(new ContainerError('wrong_checksum', 'its bytes do not have the checksum that the archive states'))
    } else done()
  }

  #wrongSize(): ContainerError {
    return new ContainerError(
      'wrong_size',
      `it does not have the ${this.#entry.byteSize} bytes that the archive states`,
    )
  }
}

function asContainerError(error: Error): Error {
  const { code } = error as NodeJS.ErrnoException
  if (!code?.startsWith('Z_')) return error
  const isCut = code === 'Z_BUF_ERROR'
  return new ContainerError(
    isCut ? 'truncated' : 'damaged',
    `its data are ${isCut ? 'truncated' : 'damaged'}`,
    {
      cause: error,
    },
  )
}
