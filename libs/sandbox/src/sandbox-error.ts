/** `crashed`: it ended by itself; `timeout` and `memory`: it was ended; `closed`: the sandbox is. */
export type SandboxErrorCode = 'crashed' | 'timeout' | 'memory' | 'closed'

/** The child that worked on a job is gone; the job alone is to blame, unless the code is `closed`. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'
  readonly code: SandboxErrorCode

  constructor(code: SandboxErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** What a job threw, as far as it can be told across processes. */
export interface ThrownByJob {
  readonly name: string
  readonly message: string
  readonly code?: string | undefined
}

/** The job itself failed, by throwing; its child lives on. */
export class JobError extends Error {
  override readonly name = 'JobError'
  /** The name of what was thrown: `NotMediaError`. */
  readonly thrown: string
  /** The `code` of what was thrown, where it had one. */
  readonly code: string | undefined

  constructor({ name, message, code }: ThrownByJob) {
    super(message)
    this.thrown = name
    this.code = code
  }
}
