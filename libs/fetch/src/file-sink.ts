import { open, rm, type FileHandle } from 'node:fs/promises'
import { DigestCounter, type Digests } from '@mediakeep/checksum'
import { FetchError } from '@mediakeep/content'

/** Below this a file is opened, written and closed in one go, at its end. */
const BATCH_BYTES = 256 * 1024

/** Writes bytes to a file in batches, hashing and counting while they pass. */
export class FileSink {
  readonly #path: string
  readonly #maxBytes: number
  readonly #what: string
  #counter = new DigestCounter()
  #batch: Buffer[] = []
  #batchBytes = 0
  #file: FileHandle | undefined
  /** The writes under way, one after the other. */
  #writes: Promise<void> = Promise.resolve()

  /** @param what names the URL in messages */
  constructor(path: string, maxBytes: number, what: string) {
    this.#path = path
    this.#maxBytes = maxBytes
    this.#what = what
  }

  get byteSize(): number {
    return this.#counter.byteSize
  }

  /**
   * @returns what to wait for before the next bytes, when the disk is behind by a batch
   * @throws FetchError `too_large`
   */
  write(chunk: Buffer): Promise<void> | undefined {
    if (this.byteSize + chunk.byteLength > this.#maxBytes) throw tooLarge(this.#what, this.#maxBytes)
    this.#counter.update(chunk)
    this.#batch.push(chunk)
    this.#batchBytes += chunk.byteLength
    return this.#batchBytes < BATCH_BYTES ? undefined : this.#flush()
  }

  /** Forgets what came so far: the next bytes are the first. */
  restart(): void {
    if (this.byteSize === 0) return
    this.#counter = new DigestCounter()
    this.#batch = []
    this.#batchBytes = 0
    this.#enqueue(async () => {
      await this.#file?.close()
      this.#file = undefined // Opened anew, it is empty.
    })
  }

  /** Writes what is left. It is not synced: that is for who makes the file visible. */
  async finish(): Promise<Digests> {
    void this.#flush()
    await this.#writes
    await this.#file?.close()
    return this.#counter.digests()
  }

  /** Closes and removes what is there. */
  async discard(): Promise<void> {
    await this.#writes.catch(() => undefined)
    await this.#file?.close().catch(() => undefined)
    await rm(this.#path, { force: true })
  }

  /** Starts to write the batch. @returns the batch before it, so that at most two are in memory */
  #flush(): Promise<void> {
    const batch = this.#batch
    const previous = this.#writes
    this.#batch = []
    this.#batchBytes = 0
    this.#enqueue(() => this.#append(batch))
    return previous
  }

  #enqueue(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(write)
    this.#writes.catch(() => undefined) // Whoever waits for it next is told.
  }

  async #append(batch: Buffer[]): Promise<void> {
    if (batch.length === 0) return
    try {
      this.#file ??= await open(this.#path, 'w')
      await writeAll(this.#file, batch)
    } catch (error) {
      throw diskError(this.#path, error)
    }
  }
}

async function writeAll(file: FileHandle, batch: Buffer[]): Promise<void> {
  const total = batch.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const { bytesWritten } = await file.writev(batch)
  if (bytesWritten < total) await writeAll(file, [Buffer.concat(batch).subarray(bytesWritten)])
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
