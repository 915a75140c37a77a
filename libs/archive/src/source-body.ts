import { Readable } from 'node:stream'
import { ArchiveError, type ArchiveSource, type ByteRange } from '@mediakeep/content'

/** A failure of the source, which is passed on unchanged. */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure'

  constructor(cause: unknown) {
    super('The source failed', { cause })
  }
}

function lengthError(key: string, expected: number, got: string): ArchiveError {
  return new ArchiveError('digest_mismatch', `The source of ${key} gave ${got} bytes instead of ${expected}`)
}

/** Opens the source. The stream ends after exactly `byteSize` bytes, or fails. */
export async function* sourceChunks(
  source: ArchiveSource,
  byteSize: number,
  range?: ByteRange,
): AsyncGenerator<Buffer, void, undefined> {
  let seen = 0
  try {
    for await (const chunk of (await source.open(range)) as AsyncIterable<Buffer>) {
      seen += chunk.byteLength
      if (seen > byteSize) throw lengthError(source.key, byteSize, 'more')
      yield chunk
    }
  } catch (error) {
    throw new SourceFailure(error)
  }
  if (seen < byteSize) throw new SourceFailure(lengthError(source.key, byteSize, String(seen)))
}

/** Reads `byteSize` bytes of the source into memory, into the buffer `into` if given. */
export async function sourceBuffer(
  source: ArchiveSource,
  byteSize: number,
  range?: ByteRange,
  into: Buffer = Buffer.allocUnsafeSlow(byteSize),
): Promise<Buffer> {
  let offset = 0
  for await (const chunk of sourceChunks(source, byteSize, range)) offset += chunk.copy(into, offset)
  return into.subarray(0, byteSize)
}

/** Reads all bytes of a small source. */
export async function sourceBytes(source: ArchiveSource): Promise<Buffer> {
  const { byteSize } = source.digests
  if (!source.read) return await sourceBuffer(source, byteSize)
  try {
    // Requests one byte more, to detect a longer source.
    const bytes = await source.read(byteSize + 1)
    if (bytes.byteLength === byteSize) return bytes
    throw lengthError(source.key, byteSize, bytes.byteLength > byteSize ? 'more' : String(bytes.byteLength))
  } catch (error) {
    throw new SourceFailure(error)
  }
}

export function sourceStream(source: ArchiveSource): Readable {
  return Readable.from(sourceChunks(source, source.digests.byteSize), {
    objectMode: false,
    highWaterMark: 256 * 1024,
  })
}
