import type { FileHandle } from 'node:fs/promises'
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'
import { ContainerError } from './container.ts'

/** Finds the list of members, of Zip64 archives too. */
export async function findDirectory(
  path: string,
  file: FileHandle,
  size: number,
): Promise<{ offset: number; count: number }> {
  let zip: ZipFile
  try {
    zip = await fromRandomAccessReaderPromise(new HandleReader(file, size), size, { autoClose: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error
    const message = `${path} is not a whole zip archive, it may be truncated: ${(error as Error).message}`
    throw new ContainerError('truncated', message, { cause: error })
  }
  // Its type says boolean; it is the position of the next entry, here the first.
  return { offset: Number(zip.readEntryCursor), count: zip.entryCount }
}

/**
 * Reads for yauzl. Its own reader passes positions that the archive states to `fs.read`, which throws for impossible
 * ones; nothing catches that error, and the process ends.
 */
class HandleReader extends RandomAccessReader {
  readonly #file: FileHandle
  readonly #size: number

  constructor(file: FileHandle, size: number) {
    super()
    this.#file = file
    this.#size = size
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    if (position >= this.#size) callback(null, 0)
    else
      this.#file
        .read(buffer, offset, length, position)
        .then(({ bytesRead }) => callback(null, bytesRead), callback)
  }
}
