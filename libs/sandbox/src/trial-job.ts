// Runs in a child to find out what it can reach: `chooseIsolation` takes a rung only if it stops what it should.
import { accessSync, constants, readFileSync, readlinkSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

export interface TrialJob {
  /** Folders and files that must be readable. */
  readonly readable: readonly string[]
}

export interface TrialEvidence {
  readonly unreadable: readonly string[]
  /** Files of the system that can be read though no job needs them. */
  readonly strangeFiles: readonly string[]
  readonly networks: readonly string[]
  /** Undefined if it cannot be found out. */
  readonly processNamespace: string | undefined
}

export function run({ readable }: TrialJob): TrialEvidence {
  return {
    unreadable: readable.filter((path) => attempt(() => accessSync(path, permissionsFor(path))) === 'failed'),
    strangeFiles: ['/etc/passwd'].filter((path) => attempt(() => readFileSync(path)) !== 'failed'),
    networks: Object.keys(networkInterfaces()),
    processNamespace: processNamespace(),
  }
}

/** Names the PID namespace of this process. */
export function processNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}

function permissionsFor(path: string): number {
  return statSync(path).isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK
}

function attempt(action: () => unknown): 'done' | 'failed' {
  try {
    action()
    return 'done'
  } catch {
    return 'failed'
  }
}
