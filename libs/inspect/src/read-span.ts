import { open } from 'node:fs/promises'

export interface Span {
  readonly bytes: Buffer
  /** Offset of the bytes in the file. */
  readonly start: number
  readonly fileSize: number
}

/** Reads part of a file. @param from counted from the end if negative */
export async function readSpan(path: string, from: number, length: number): Promise<Span> {
  await using file = await open(path, 'r')
  const { size: fileSize } = await file.stat()
  const start = from < 0 ? Math.max(0, fileSize + from) : from
  const wanted = Math.max(0, Math.min(length, fileSize - start))
  const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, start)
  return { bytes: buffer.subarray(0, bytesRead), start, fileSize }
}
