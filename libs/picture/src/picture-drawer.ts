import { extname } from 'node:path'
import { createSandbox, JobError, SandboxError, type Isolation, type RunOptions } from '@mediakeep/sandbox'
import type { PictureJob } from './picture-job.ts'
import {
  NoPictureError,
  type NoPictureCode,
  type Picture,
  type PictureOptions,
  type PictureSource,
} from './picture.ts'

export interface PictureDrawerOptions {
  /** How the children are kept from the rest of the machine. */
  readonly isolation: Isolation
  /** Number of pictures drawn at once, default 2. */
  readonly size?: number | undefined
  /** Time limit per picture, default 20 seconds. */
  readonly timeoutMs?: number | undefined
  /** Memory limit per child, default 1 GiB: enough for 100 megapixels. */
  readonly maxMemoryBytes?: number | undefined
}

/** Draws pictures of untrusted files in child processes. */
export interface PictureDrawer {
  /**
   * @throws NoPictureError; a file that crashes, hangs or exhausts memory is `undecodable`
   * @throws SandboxError `unavailable` if this machine cannot draw anything now
   */
  draw(source: PictureSource, options?: PictureOptions, run?: Pick<RunOptions, 'signal'>): Promise<Picture>
  close(): Promise<void>
}

const JOB = new URL(`./picture-job${extname(import.meta.url)}`, import.meta.url)
const GIB = 1024 ** 3

/** Starts no process before the first picture; idle children end. */
export function createPictureDrawer(options: PictureDrawerOptions): PictureDrawer {
  const { isolation, size = 2, timeoutMs = 20_000, maxMemoryBytes = GIB } = options
  const sandbox = createSandbox({ module: JOB, size, timeoutMs, maxMemoryBytes, isolation })
  return {
    async draw(source, pictureOptions = {}, run = {}) {
      const job: PictureJob = { source, options: pictureOptions }
      try {
        return await sandbox.run<Picture>(job, run)
      } catch (error) {
        throw translate(error)
      }
    },
    close: () => sandbox.close(),
  }
}

function translate(cause: unknown): unknown {
  const isOfFile = cause instanceof SandboxError && !['closed', 'unavailable'].includes(cause.code)
  if (isOfFile) {
    return new NoPictureError('undecodable', cause.message, { cause })
  }
  if (cause instanceof JobError && cause.thrown === 'NoPictureError') {
    return new NoPictureError(cause.code as NoPictureCode, cause.message, { cause })
  }
  return cause
}
