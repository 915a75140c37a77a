import { pipeline, Readable, type Duplex } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import zlib from 'node:zlib'
import xz from 'xz-decompress'
import { ContainerError } from './container.ts'
import { Counter, RatioGuard } from './limits.ts'

export type Compression = 'gz' | 'xz' | 'zst'

/** By the first bytes; a file's name is not asked. */
export function compressionOf(head: Buffer): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gz'
  if (head.subarray(0, 6).equals(Buffer.from('fd377a585a00', 'hex'))) return 'xz'
  if (head.subarray(0, 4).equals(Buffer.from('28b52ffd', 'hex'))) return 'zst'
  return undefined
}

/** The name of the file inside: `posts.json.gz` holds `posts.json`. */
export function innerName(name: string): string {
  return name.replace(/\.(?:gz|xz|zst)$/i, '') || name
}

/** Decompresses a stream. Errors of the library become a ContainerError; too many bytes are a bomb. */
export function decompress(source: Readable, compression: Compression): Readable {
  return Readable.from(decompressed(source, compression), { objectMode: false })
}

async function* decompressed(
  source: Readable,
  compression: Compression,
): AsyncGenerator<Buffer, void, undefined> {
  const counter = new Counter()
  const guard = new RatioGuard(() => counter.bytes)
  let engine: Duplex | undefined
  try {
    if (compression === 'xz') {
      pipeline(source, counter, ignore)
      // The library reads a web stream, so the chain begins a second time.
      const output = new xz.XzReadableStream(Readable.toWeb(counter) as ReadableStream<Uint8Array>)
      pipeline(Readable.fromWeb(output as never), guard, ignore)
    } else {
      engine = compression === 'gz' ? zlib.createGunzip() : createZstd()
      pipeline(source, counter, engine, guard, ignore)
    }
    yield* guard
    assertWhole(engine, counter, compression)
  } catch (error) {
    throw asContainerError(error as Error, compression)
  } finally {
    source.destroy()
  }
}

/** The last stream of the pipeline reports the error. */
function ignore(): void {
  return undefined
}

/** Node.js ends at the first frame of a .zst file. The others must not be lost silently. */
function assertWhole(engine: Duplex | undefined, counter: Counter, compression: Compression): void {
  if (compression !== 'zst' || (engine as unknown as zlib.Zlib).bytesWritten >= counter.bytes) return
  throw new ContainerError('unsupported', 'it has several zstd frames; pack it again with `zstd -d | zstd`')
}

/** Archives of Reddit are compressed with the longest window. */
const MAX_WINDOW_LOG = 31

function createZstd(): Duplex {
  if (typeof zlib.createZstdDecompress !== 'function') {
    throw new ContainerError('unsupported', '.zst needs Node.js 22.15 or newer')
  }
  return zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG } })
}

function asContainerError(error: Error, compression: Compression): Error {
  const { code = '' } = error as NodeJS.ErrnoException
  const isOfData = /^(?:Z_|ZSTD_)/.test(code) || error.message.startsWith('get_next_output failed')
  if (!isOfData) return error
  // Error 8 of the xz library: it needs more input.
  const isCut = code === 'Z_BUF_ERROR' || error.message.endsWith('error code 8')
  const message = `the ${compression} data is ${isCut ? 'truncated' : `damaged: ${error.message}`}`
  return new ContainerError(isCut ? 'truncated' : 'damaged', message, { cause: error })
}
