import { open, rm, type FileHandle } from 'node:fs/promises'
import type { Digests } from '@mediakeep/checksum'
import { FetchError, type FetchedFile, type FetchOptions } from '@mediakeep/content'
import { BLOCK_BYTES, type Block, type Blocks } from './blocks.ts'
import type { DigestThreads, ThreadDigest } from './digest-threads.ts'
import type { Receiver } from './exchange.ts'
import type { FileThreads } from './file-threads.ts'

/** Bytes after which a large file is synced, while more of it comes: so the disk is not idle first and late then. */
const SYNCED_BYTES = 8 * 1024 * 1024

/** What a sink has made of its bytes. */
export type FinishedFile = Pick<FetchedFile, 'digests' | 'synced'>

/** What the sinks of one fetcher share. */
export interface SinkRoom {
  readonly blocks: Blocks
  readonly threads: DigestThreads
  readonly files: FileThreads
  /** One file at a time: a sync holds one of the few threads that write. */
  isSyncing: boolean
}

/**
 * Writes bytes to a file in blocks, counting and hashing them. A file of one block goes to a thread that does all of
 * it; of a larger one each block is hashed in a thread while it is written.
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
  /** From the first full block on. */
  #digest: ThreadDigest | undefined
  #file: FileHandle | undefined
  #unsynced = 0
  #sync: Promise<void> = Promise.resolve()
  /** The writes under way, one after the other. */
  #writes: Promise<void> = Promise.resolve()
  /** Of the last block: that it is written and hashed. */
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
   * @returns what to wait for before the next ones, when the disk or the hashing is behind by a block
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

  /** Forgets what came so far: the next bytes are the first. */
  restart(): void {
    if (this.#byteSize === 0) return
    this.#byteSize = 0
    this.#filled = 0
    this.#digest?.drop()
    this.#digest = undefined
    void this.#enqueue(async () => {
      await this.#file?.close()
      this.#file = undefined // Opened anew, it is empty.
    })
  }

  /** Writes what is left. Unless it is asked for, it is not synced: that is for who makes the file visible. */
  async finish({ look, sync = false }: FetchOptions = {}): Promise<FinishedFile> {
    if (!this.#digest) return await this.#finishSmall(look, sync)
    const digests = await this.#finishLarge(this.#digest)
    if (sync) return { digests, synced: this.#syncAndClose() }
    await this.#sync
    await this.#file?.close()
    return { digests }
  }

  /** Closes and removes what is there. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.#writes, this.#sync])
    this.#digest?.drop()
    this.#releaseBlock()
    await this.#file?.close().catch(() => undefined)
    await rm(this.#path, { force: true })
  }

  #syncAndClose(): Promise<void> {
    const synced = this.#syncWhole().finally(() => this.#file?.close())
    synced.catch(() => undefined) // Whoever waits for it is told.
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
    this.#sync.catch(() => undefined) // Told below, or to who waits for `synced`.
    const digests = await written.catch(this.#fault)
    this.#block = block
    await look?.(block.subarray(0, this.#filled))
    this.#releaseBlock()
    if (!sync) await this.#sync
    return sync ? { digests, synced: this.#sync } : { digests }
  }

  /** Starts to write and hash the block. @returns the one before it, so that at most two are under way */
  #flush(digest: ThreadDigest): Promise<void> {
    const block = this.#block!
    const length = this.#filled
    const previous = this.#done
    this.#block = undefined
    this.#filled = 0
    const written = this.#enqueue(() => this.#append(block.subarray(0, length)))
    this.#done = written.then(() => digest.update(block, length)).then(() => this.#room.blocks.release(block))
    this.#done.catch(() => undefined) // Whoever waits for it next is told.
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
    this.#writes.catch(() => undefined) // Whoever waits for it next is told.
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

  /** A failure counts, though the file is synced once more: the system tells of it only once. */
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
    this.#sync.catch(() => undefined) // Told at the end.
  }
}

export function tooLarge(what: string, maxBytes: number): FetchError {
  const remedy = 'Raise DOWNLOAD_MAX_BYTES to keep such files.'
  return new FetchError('rejected', 'too_large', `${what}: larger than ${maxBytes} bytes. ${remedy}`)
}

/** The fault is ours, and may pass: the reference stays to be fetched. */
function diskError(path: string, cause: unknown): FetchError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const message = `Writing ${path} failed: ${cause instanceof Error ? cause.message : String(cause)}`
  return new FetchError('failed', `disk_${code.toLowerCase()}`, message, { cause })
}
