import type { Receiver } from './exchange.ts'

const KEPT_BYTES = 4096
const READ_BYTES = 65_536

/** Thrown to end an exchange when the rest of the body is not needed. */
class EnoughReadError extends Error {
  override readonly name = 'EnoughReadError'
}

/**
 * Receives the body of a response that is not the file: keeps its beginning, and reads as much of the rest as is
 * cheaper than a new connection.
 */
export class ErrorBody implements Receiver {
  #kept = ''
  #read = 0

  get text(): string {
    return this.#kept
  }

  write(chunk: Buffer): undefined {
    this.#kept += chunk.toString('latin1', 0, KEPT_BYTES - this.#kept.length)
    this.#read += chunk.byteLength
    if (this.#read > READ_BYTES) throw new EnoughReadError()
  }
}
