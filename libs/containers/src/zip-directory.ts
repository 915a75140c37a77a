import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { getFileNameLowLevel, parseExtraFields } from 'yauzl'
import { ContainerError } from './container.ts'
import { memberPath } from './member-path.ts'
import type { Refusals } from './refusals.ts'

/** A member as the central directory describes it. */
export interface ZipEntry {
  readonly path: string
  readonly method: number
  readonly crc32: number
  readonly compressedSize: number
  readonly byteSize: number
  /** Position of its local header. */
  readonly headerAt: number
}

export interface DirectoryPlace {
  readonly offset: number
  readonly count: number
  readonly fileSize: number
}

const HEADER_BYTES = 46
const SIGNATURE = 0x02014b50
/** The flag of names in UTF-8. */
const UTF8 = 0x800
const BLOCK_BYTES = 1024 * 1024
const MAX_MEMBERS = 2_000_000

/** Reads the central directory. A member that it describes badly is refused, the others are returned. */
export async function readDirectory(
  file: FileHandle,
  place: DirectoryPlace,
  refusals: Refusals,
): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = []
  const reader = new BlockReader(file, place)
  for (let n = 0; n < place.count; n++) {
    if (n === MAX_MEMBERS) {
      refusals.add('', new ContainerError('too_many_members', `only ${MAX_MEMBERS} members are read`))
      break
    }
    const header = await reader.read(HEADER_BYTES)
    if (header?.readUInt32LE(0) !== SIGNATURE) {
      const message = `the list of members is damaged after ${n} of ${place.count}; the others are not found`
      refusals.add('', new ContainerError('damaged', message))
      break
    }
    const nameLength = header.readUInt16LE(28)
    const fields = Buffer.from(header)
    const rest = await reader.read(nameLength + header.readUInt16LE(30) + header.readUInt16LE(32))
    if (!rest) continue
    const name = rest.subarray(0, nameLength)
    const extra = rest.subarray(nameLength, nameLength + fields.readUInt16LE(30))
    try {
      const entry = readEntry(fields, name, extra, place)
      if (entry) entries.push(entry)
    } catch (error) {
      refusals.add(shownName(name), error)
    }
  }
  return entries
}

/** @returns undefined for a folder @throws ContainerError */
function readEntry(
  header: Buffer,
  name: Buffer,
  extraBytes: Buffer,
  { offset }: DirectoryPlace,
): ZipEntry | undefined {
  const flags = header.readUInt16LE(8)
  const extra = extraFields(extraBytes)
  const path = memberPath(decodeName(flags, name, extra))
  if (path.endsWith('/')) return undefined
  assertRegular(header)
  if ((flags & 0x2041) !== 0) throw new ContainerError('encrypted', 'it is encrypted')
  const method = header.readUInt16LE(10)
  if (method !== 0 && method !== 8) {
    throw new ContainerError(
      'unsupported',
      `its compression method ${method} is not supported; pack it with deflate`,
    )
  }
  const sizes = readSizes(header, extra)
  if (method === 0 && sizes.compressedSize !== sizes.byteSize) {
    throw new ContainerError('wrong_size', 'it is stored uncompressed, with two different sizes')
  }
  if (sizes.headerAt + 30 + name.length + sizes.compressedSize > offset) {
    throw new ContainerError('truncated', 'its data would lie beyond the end of the archive')
  }
  return { path, method, crc32: header.readUInt32LE(16), ...sizes }
}

type ExtraField = ReturnType<typeof parseExtraFields>[number]

function extraFields(bytes: Buffer): readonly ExtraField[] {
  try {
    return parseExtraFields(bytes)
  } catch {
    // Some programs pad the fields. None of those that matter here can be cut off without being missed.
    return []
  }
}

/** UTF-8 where the archive says so, or where it can be nothing else; code page 437 otherwise. */
function decodeName(flags: number, name: Buffer, extra: readonly ExtraField[]): string {
  const isText = isUtf8(name)
  if (!isText && (flags & UTF8) !== 0) {
    throw new ContainerError('invalid_name', 'its name is not the UTF-8 that the archive announces')
  }
  return getFileNameLowLevel(isText ? flags | UTF8 : flags, name, [...extra], true)
}

function assertRegular(header: Buffer): void {
  const madeOn = header.readUInt16LE(4) >> 8
  const type = madeOn === 3 || madeOn === 19 ? (header.readUInt32LE(38) >>> 16) & 0o170000 : 0
  if (type === 0o120000) throw new ContainerError('symbolic_link', 'it is a symbolic link')
  if (type !== 0 && type !== 0o100000) throw new ContainerError('unsupported', 'it is not a regular file')
}

const ZIP64 = 0xffffffff

function readSizes(
  header: Buffer,
  extra: readonly ExtraField[],
): Pick<ZipEntry, 'byteSize' | 'compressedSize' | 'headerAt'> {
  const zip64 = extra.find(({ id }) => id === 1)?.data ?? Buffer.alloc(0)
  let at = 0
  const [byteSize, compressedSize, headerAt] = [24, 20, 42].map((offset) => {
    const value = header.readUInt32LE(offset)
    if (value !== ZIP64) return value
    at += 8
    if (at > zip64.length)
      throw new ContainerError('wrong_size', 'it claims 4 GB and more without stating how many')
    return Number(zip64.readBigUInt64LE(at - 8))
  }) as [number, number, number]
  return { byteSize, compressedSize, headerAt }
}

function shownName(name: Buffer): string {
  return name.toString('utf8')
}

/** Reads the directory from front to back, a block at a time. */
class BlockReader {
  readonly #file: FileHandle
  readonly #end: number
  #position: number
  #block: Buffer = Buffer.alloc(0)
  #at = 0

  constructor(file: FileHandle, { offset, fileSize }: DirectoryPlace) {
    this.#file = file
    this.#position = offset
    this.#end = fileSize
  }

  /** @returns the next bytes, valid until the next read; undefined at the end of the file */
  async read(length: number): Promise<Buffer | undefined> {
    if (this.#block.length - this.#at < length) await this.#fill(length)
    if (this.#block.length - this.#at < length) return undefined
    this.#at += length
    return this.#block.subarray(this.#at - length, this.#at)
  }

  async #fill(length: number): Promise<void> {
    const left = this.#block.subarray(this.#at)
    const wanted = Math.min(Math.max(BLOCK_BYTES, length), this.#end - this.#position)
    // The archive itself states where its directory begins, which may be beyond the end of the file.
    if (wanted <= 0) return
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(wanted), 0, wanted, this.#position)
    this.#position += bytesRead
    this.#block = Buffer.concat([left, buffer.subarray(0, bytesRead)])
    this.#at = 0
  }
}
