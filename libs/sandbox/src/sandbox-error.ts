/**
 * - `crashed`: the child ended by itself while it worked; `timeout` and `memory`: we ended it
 * - `unavailable`: no child could be started, or it ended before it was ready. The job was never tried.
 * - `closed`: the sandbox was closed
 */
export type SandboxErrorCode = 'crashed' | 'timeout' | 'memory' | 'unavailable' | 'closed'

/** The child is gone. `unavailable` and `closed` say nothing about the job; the other codes usually do. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
  readonly code: SandboxErrorCode

  constructor(code: SandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Details of an error thrown by a job, as far as they can cross processes. */
export interface ThrownByJob {
  readonly name: string
  readonly message: string
  readonly code?: string | undefined
}

/** The job itself threw an error; its child stays alive. */
export class JobError extends Error {
  override readonly name = 'JobError'
  /** The name of the thrown error: `NotMediaError`. */
  readonly thrown: string
  /** The `code` of the thrown error, if any. */
  readonly code: string | undefined

  constructor({ name, message, code }: ThrownByJob) {
    super(message)
    this.thrown = name
    this.code = code
  }
}
