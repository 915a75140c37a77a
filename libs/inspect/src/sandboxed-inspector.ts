import { availableParallelism, tmpdir } from 'node:os'
import { extname } from 'node:path'
import {
  InspectionFailedError,
  InspectorUnavailableError,
  NotMediaError,
  type Inspector,
  type MediaFacts,
} from '@mediakeep/content'
import { createSandbox, JobError, SandboxError, type Isolation, type Sandbox } from '@mediakeep/sandbox'
import type { InspectJob } from './inspect-job.ts'
import { probeDecoders } from './known-good.ts'
import { decoderVersion, TIMEOUT_MS, type InspectorLimits } from './inspector.ts'

export interface SandboxedInspectorOptions extends InspectorLimits {
  /** How the processes are kept from the rest of the machine. */
  readonly isolation: Isolation
  /** Folder for the files of `probe`, which the processes must be able to read; default: the system's. */
  readonly scratchFolder?: string | undefined
  /** Number of files decoded at once, each in its own process; default: one per core. */
  readonly concurrency?: number | undefined
  /** Memory limit for decoding one file, in bytes; default 1 GiB. */
  readonly maxMemoryBytes?: number | undefined
}

export interface SandboxedInspector extends Inspector {
  readonly concurrency: number
  /** Ends the processes. */
  close(): Promise<void>
}

const JOB = new URL(`./inspect-job${extname(import.meta.url)}`, import.meta.url)
/** An unresponsive process is killed this long after its file's time limit, in milliseconds. */
const GRACE_MS = 10_000

/** An inspector that decodes in child processes, so that a file that breaks its decoder affects nothing else. */
export function openSandboxedInspector(options: SandboxedInspectorOptions): SandboxedInspector {
  const {
    isolation,
    scratchFolder = tmpdir(),
    concurrency = availableParallelism(),
    maxMemoryBytes = 1024 ** 3,
    ...limits
  } = options
  const timeoutMs = (limits.timeoutMs ?? TIMEOUT_MS) + GRACE_MS
  const sandbox = createSandbox({ module: JOB, size: concurrency, timeoutMs, maxMemoryBytes, isolation })
  const inspectFile: Inspector['inspect'] = (path, signal) => inspect(sandbox, { path, limits }, signal)
  return {
    concurrency,
    version: decoderVersion({ ...limits, maxMemoryBytes }),
    inspect: inspectFile,
    probe: (signal) => probeDecoders(inspectFile, scratchFolder, signal),
    close: () => sandbox.close(),
  }
}

async function inspect(
  sandbox: Pick<Sandbox, 'run'>,
  job: InspectJob,
  signal: AbortSignal | undefined,
): Promise<MediaFacts> {
  try {
    return await sandbox.run<MediaFacts>(job, { signal })
  } catch (cause) {
    if (cause instanceof JobError && cause.thrown === 'NotMediaError') {
      throw new NotMediaError(cause.code ?? 'undecodable', cause.message, { cause })
    }
    if (cause instanceof JobError && cause.thrown === 'InspectionFailedError') {
      throw new InspectionFailedError('timeout', cause.message, { cause })
    }
    if (!(cause instanceof SandboxError) || cause.code === 'closed') throw cause
    if (cause.code === 'unavailable') throw new InspectorUnavailableError(cause.message, { cause })
    throw new InspectionFailedError(cause.code, cause.message, { cause })
  }
}
