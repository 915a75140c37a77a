import { extname } from 'node:path'
import { createSandbox } from './sandbox.ts'
import { processNamespace, type TrialEvidence, type TrialJob } from './trial-job.ts'

/** From the strongest to none; see docs/operations.md for what each stops. */
export type Rung = 'namespace' | 'permission' | 'none'

/** How children are kept from the rest of the machine. */
export interface Isolation {
  readonly rung: Rung
  /** For `namespace`: true if any user may create user namespaces here; otherwise only root can create the others. */
  readonly isInUserNamespace: boolean
  /** Folders that children can read besides their own code, unless the rung is `none`. */
  readonly readable: readonly string[]
  /** One sentence: the rung, and why it is not a better one. */
  readonly summary: string
}

/** The required rung is not available on this machine. */
export class IsolationError extends Error {
  override readonly name = 'IsolationError'
  readonly code = 'isolation_unavailable'
}

/** Children that can do whatever this process can. */
export const noIsolation: Isolation = {
  rung: 'none',
  isInUserNamespace: false,
  readable: [],
  summary: 'Decoders are not isolated: they can do whatever this process can',
}

const SUMMARY = {
  namespace:
    'Decoders run in namespaces of their own: no network, no other process, no file but those they decode',
  permission:
    "Decoders run under Node's permission model, which stops scripts but not native code: this is no boundary",
} as const
const TRIAL = new URL(`./trial-job${extname(import.meta.url)}`, import.meta.url)
const TRIAL_TIMEOUT_MS = 20_000
const TRIAL_MEMORY_BYTES = 256 * 1024 ** 2

/**
 * Finds the best rung that works here, by starting a child at each and letting it try what must fail.
 *
 * @param wanted the rung to use; `auto` takes the best one
 * @param readable the folders that hold the files of all jobs; they must exist
 * @throws IsolationError if the wanted rung does not work here
 */
export async function chooseIsolation(
  wanted: Rung | 'auto',
  readable: readonly string[],
): Promise<Isolation> {
  if (wanted === 'none') return noIsolation
  const failures: string[] = []
  for (const candidate of candidates(readable)) {
    if (wanted !== 'auto' && candidate.rung !== wanted) continue
    const failure = await trial(candidate)
    if (failure === undefined) return { ...candidate, summary: [candidate.summary, ...failures].join('. ') }
    failures.push(`${nameOf(candidate)} is not available: ${failure}`)
  }
  if (wanted === 'auto') return { ...noIsolation, summary: [noIsolation.summary, ...failures].join('. ') }
  throw new IsolationError(
    `DECODER_ISOLATION=${wanted} is not available on this machine: ${failures.join('. ')}. ` +
      'Allow what it needs (docs/operations.md), or choose a lower rung',
  )
}

function candidates(readable: readonly string[]): Isolation[] {
  const namespace = { rung: 'namespace', readable, summary: SUMMARY.namespace } as const
  return [
    ...(process.platform === 'linux' ? [{ ...namespace, isInUserNamespace: true }] : []),
    ...(process.platform === 'linux' && process.getuid?.() === 0
      ? [{ ...namespace, isInUserNamespace: false }]
      : []),
    { rung: 'permission', readable, isInUserNamespace: false, summary: SUMMARY.permission },
  ]
}

function nameOf({ rung, isInUserNamespace }: Isolation): string {
  if (rung !== 'namespace') return rung
  return isInUserNamespace ? 'namespace' : 'namespace as root'
}

/** @returns why the rung is not available, undefined if it is */
async function trial(isolation: Isolation): Promise<string | undefined> {
  const sandbox = createSandbox({
    module: TRIAL,
    size: 1,
    timeoutMs: TRIAL_TIMEOUT_MS,
    maxMemoryBytes: TRIAL_MEMORY_BYTES,
    isolation,
  })
  try {
    const job: TrialJob = { readable: isolation.readable }
    return fault(isolation, await sandbox.run<TrialEvidence>(job))
  } catch (error) {
    const { cause = error } = error as Error
    return cause instanceof Error ? cause.message : String(cause)
  } finally {
    await sandbox.close()
  }
}

function fault({ rung }: Isolation, evidence: TrialEvidence): string | undefined {
  const { unreadable, strangeFiles, networks } = evidence
  if (unreadable.length > 0) return `a child cannot read ${unreadable.join(', ')}`
  if (strangeFiles.length > 0) return `a child can read ${strangeFiles.join(', ')}`
  if (rung !== 'namespace') return undefined
  if (networks.length > 0) return `a child has the network ${networks.join(', ')}`
  return evidence.processNamespace === processNamespace() ? 'a child sees other processes' : undefined
}
