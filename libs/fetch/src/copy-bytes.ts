import { FetchError, type FetchedFile, type FetchOptions } from '@mediakeep/content'
import type { FetcherContext } from './fetcher-context.ts'
import { FileSink } from './file-sink.ts'

interface Copy {
  readonly bytes: AsyncIterable<Buffer>
  /** Names them in messages. */
  readonly what: string
  readonly path: string
}

/**
 * Writes bytes into the file `path`; on failure, no file is left.
 * @throws FetchError, or the error of `bytes`
 */
export async function copyBytes(
  { maxBytes, room }: Pick<FetcherContext, 'maxBytes' | 'room'>,
  { bytes, what, path }: Copy,
  options?: FetchOptions,
): Promise<FetchedFile> {
  const sink = new FileSink(path, maxBytes, what, room)
  try {
    for await (const chunk of bytes) await sink.write(chunk)
    if (sink.byteSize === 0) throw new FetchError('rejected', 'empty', `${what}: the file is empty`)
    return { ...(await sink.finish(options)), lengthVerified: true }
  } catch (error) {
    await sink.discard()
    throw error
  }
}
