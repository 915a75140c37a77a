import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Container, Member } from './container.ts'
import { compressionOf, decompress, innerName, type Compression } from './decompress.ts'
import { fileDigest } from './file-digest.ts'

const CHUNK_BYTES = 64 * 1024

/** One file, which may be compressed. Its only member has the file's name, without `.gz`, `.xz` or `.zst`. */
export async function openSingleFile(path: string): Promise<Container> {
  const compression = compressionOf(await readHead(path))
  const { size, mtimeMs } = await stat(path)
  const member: Member = {
    path: compression ? innerName(basename(path)) : basename(path),
    byteSize: compression ? undefined : size,
    order: 0,
    modifiedAt: Math.floor(mtimeMs),
    open: (signal) => openFile(path, compression, signal),
  }
  return {
    kind: 'file',
    path,
    byteSize: size,
    modifiedAt: Math.floor(mtimeMs),
    memberCount: 1,
    refused: [],
    refusedCount: 0,
    member: () => member,
    find: (wanted) => (wanted === member.path ? member : undefined),
    has: (wanted) => wanted === member.path,
    refusal: () => undefined,
    beside: (folder, prefix) => (folder === '' && member.path.startsWith(prefix) ? [member.path] : []),
    digest: () => fileDigest(path),
    close: () => Promise.resolve(),
  }
}

function openFile(
  path: string,
  compression: Compression | undefined,
  signal?: AbortSignal,
): ReturnType<Member['open']> {
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) })
  return compression ? decompress(bytes, compression) : bytes
}

export async function readHead(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
