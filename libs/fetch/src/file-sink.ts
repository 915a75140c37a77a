import { open, rm, type FileHandle } from 'node:fs/promises'
import type { Digests } from '@mediakeep/checksum'
import { FetchError, type FetchedFile, type FetchOptions } from '@mediakeep/content'
import { BLOCK_BYTES, type Block, type Blocks } from './blocks.ts'
import type { DigestThreads, ThreadDigest } from './digest-threads.ts'
import type { Receiver } from './exchange.ts'
import type { FileThreads } from './file-threads.ts'

/** Bytes between syncs of a large file during the download, so that the disk does not idle first and lag at the end. */
const SYNCED_BYTES = 8 * 1024 * 1024

/** The result of a finished sink. */
export type FinishedFile = Pick<FetchedFile, 'digests' | 'synced'>

/** Resources shared by the sinks of one fetcher. */
export interface SinkRoom {
  readonly blocks: Blocks
  readonly threads: DigestThreads
  readonly files: FileThreads
  /** One file at a time, since a sync occupies one of the few I/O threads. */
  isSyncing: boolean
}

/**
 * Writes bytes to a file in blocks, counting and hashing them. A file of one block is handled completely by a thread;
 * for a larger file, a thread hashes each block while it is written.
 */
export class FileSink implements Receiver {
  readonly #path: string
  readonly #maxBytes: number
  readonly #what: string
  readonly #room: SinkRoom
  #byteSize = 0
  #block: Block | undefined
  /** Bytes in the block. */
  #filled = 0
  /** Set from the first full block on. */
  #digest: ThreadDigest | undefined
  #file: FileHandle | undefined
  #unsynced = 0
  #sync: Promise<void> = Promise.resolve()
  /** Pending writes, in sequence. */
  #writes: Promise<void> = Promise.resolve()
  /** Resolves once the last block is written and hashed. */
  #done: Promise<void> = Promise.resolve()

  /** @param what names the URL in messages */
  constructor(path: string, maxBytes: number, what: string, room: SinkRoom) {
    this.#path = path
    this.#maxBytes = maxBytes
    this.#what = what
    this.#room = room
  }

  get byteSize(): number {
    return this.#byteSize
  }

  /**
   * Copies the bytes.
   * @returns a promise to await before the next write, if the disk or the hashing is a block behind
   * @throws FetchError `too_large`
   */
  write(chunk: Buffer): Promise<void> | undefined {
    if (this.#byteSize + chunk.byteLength > this.#maxBytes) throw tooLarge(this.#what, this.#maxBytes)
    this.#byteSize += chunk.byteLength
    let behind: Promise<void> | undefined
    for (let taken = 0; taken < chunk.byteLength;) {
      if (this.#filled === BLOCK_BYTES) behind = this.#flush((this.#digest ??= this.#room.threads.begin()))
      this.#block ??= this.#room.blocks.take()
      const copied = chunk.copy(this.#block, this.#filled, taken)
      this.#filled += copied
      taken += copied
    }
    return behind
  }

  /** Discards everything so far: the next bytes are the first. */
  restart(): void {
    if (this.#byteSize === 0) return
    this.#byteSize = 0
    this.#filled = 0
    this.#digest?.drop()
    this.#digest = undefined
    void this.#enqueue(async () => {
      await this.#file?.close()
      this.#file = undefined // Reopening truncates it.
    })
  }

  /** Writes the rest. Syncs only on request: that is the job of the caller that makes the file visible. */
  async finish({ look, sync = false }: FetchOptions = {}): Promise<FinishedFile> {
    if (!this.#digest) return await this.#finishSmall(look, sync)
    const digests = await this.#finishLarge(this.#digest)
    if (sync) return { digests, synced: this.#syncAndClose() }
    await this.#sync
    await this.#file?.close()
    return { digests }
  }

  /** Closes and removes the file. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.#writes, this.#sync])
    this.#digest?.drop()
    this.#releaseBlock()
    await this.#file?.close().catch(() => undefined)
    await rm(this.#path, { force: true })
  }

  #syncAndClose(): Promise<void> {
    const synced = this.#syncWhole().finally(() => this.#file?.close())
    synced.catch(() => undefined) // The caller that awaits it gets the error.
    return synced
  }

  async #syncWhole(): Promise<void> {
    await this.#sync
    await this.#file?.sync().catch((error: unknown) => {
      throw diskError(this.#path, error)
    })
  }

  async #finishLarge(digest: ThreadDigest): Promise<Digests> {
    void this.#flush(digest)
    await this.#done
    this.#digest = undefined
    return await digest.digests()
  }

  async #finishSmall(look: FetchOptions['look'], sync: boolean): Promise<FinishedFile> {
    await this.#writes
    const block = this.#block ?? this.#room.blocks.take()
    this.#block = undefined
    const { written, closed } = this.#room.files.write(this.#path, block, this.#filled, sync)
    this.#sync = closed.catch(this.#fault)
    this.#sync.catch(() => undefined) // Thrown below, or from `synced`.
    const digests = await written.catch(this.#fault)
    this.#block = block
    await look?.(block.subarray(0, this.#filled))
    this.#releaseBlock()
    if (!sync) await this.#sync
    return sync ? { digests, synced: this.#sync } : { digests }
  }

  /** Starts to write and hash the block. @returns the previous block's promise, so that at most two are in progress */
  #flush(digest: ThreadDigest): Promise<void> {
    const block = this.#block!
    const length = this.#filled
    const previous = this.#done
    this.#block = undefined
    this.#filled = 0
    const written = this.#enqueue(() => this.#append(block.subarray(0, length)))
    this.#done = written.then(() => digest.update(block, length)).then(() => this.#room.blocks.release(block))
    this.#done.catch(() => undefined) // The next caller that awaits it gets the error.
    return previous
  }

  readonly #fault = (error: unknown): never => {
    throw error instanceof FetchError ? error : diskError(this.#path, error)
  }

  #releaseBlock(): void {
    if (this.#block) this.#room.blocks.release(this.#block)
    this.#block = undefined
  }

  #enqueue(write: () => Promise<void>): Promise<void> {
    this.#writes = this.#writes.then(write)
    this.#writes.catch(() => undefined) // The next caller that awaits it gets the error.
    return this.#writes
  }

  async #append(bytes: Uint8Array): Promise<void> {
    try {
      this.#file ??= await open(this.#path, 'w')
      for (let start = 0; start < bytes.byteLength;) {
        start += (await this.#file.write(bytes, start)).bytesWritten
      }
    } catch (error) {
      throw diskError(this.#path, error)
    }
    this.#unsynced += bytes.byteLength
    if (this.#unsynced >= SYNCED_BYTES && !this.#room.isSyncing) this.#syncEarly(this.#file)
  }

  /** Keeps a failure even if a later sync succeeds: the system reports it only once. */
  #syncEarly(file: FileHandle): void {
    this.#unsynced = 0
    this.#room.isSyncing = true
    const synced = file
      .datasync()
      .catch((error: unknown) => {
        throw diskError(this.#path, error)
      })
      .finally(() => (this.#room.isSyncing = false))
    this.#sync = Promise.all([this.#sync, synced]).then(() => undefined)
    this.#sync.catch(() => undefined) // Thrown at the end.
  }
}

export function tooLarge(what: string, maxBytes: number): FetchError {
  const remedy = 'Raise DOWNLOAD_MAX_BYTES to keep such files.'
  return new FetchError('rejected', 'too_large', `${what}: larger than ${maxBytes} bytes. ${remedy}`)
}

/** Our own, possibly temporary fault: the reference remains to be fetched. */
function diskError(path: string, cause: unknown): FetchError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const message = `Writing ${path} failed: ${cause instanceof Error ? cause.message : String(cause)}`
  return new FetchError('failed', `disk_${code.toLowerCase()}`, message, { cause })
}
