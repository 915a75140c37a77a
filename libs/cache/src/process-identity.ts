import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Identifies the process that owns a temporary folder: `host-pid-start`. The start time distinguishes it from a later
 * process with the same pid; the pid namespace distinguishes containers with the same host name.
 */
export interface ProcessIdentity {
  readonly host: string
  readonly pid: number
  /** Clock ticks after boot where the system provides them, otherwise 0. */
  readonly startedAt: number
}

let current: ProcessIdentity | undefined

export function currentProcess(): ProcessIdentity {
  return (current ??= { host: currentHost(), pid: process.pid, startedAt: startTime(process.pid) ?? 0 })
}

export function formatIdentity({ host, pid, startedAt }: ProcessIdentity): string {
  return `${host}-${pid}-${startedAt}`
}

export function parseIdentity(name: string): ProcessIdentity | undefined {
  const [, host, pid, startedAt] = /^(.+)-(\d+)-(\d+)$/.exec(name) ?? []
  if (host === undefined) return undefined
  return { host, pid: Number(pid), startedAt: Number(startedAt) }
}

/** Returns `unknown` for a process of another machine or container. */
export function stateOf(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (identity.host !== currentHost()) return 'unknown'
  if (!exists(identity.pid)) return 'dead'
  const startedAt = startTime(identity.pid)
  return startedAt === undefined || startedAt === identity.startedAt ? 'alive' : 'dead'
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function currentHost(): string {
  const name = hostname().replaceAll(/[^A-Za-z0-9.-]/g, '_')
  const namespace = /\d+/.exec(readNamespace())?.[0]
  return namespace === undefined ? name : `${name}_${namespace}`
}

function readNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return '' // not Linux
  }
}

/** Field 22 of proc_pid_stat(5); the command name before it may contain spaces and parentheses. */
function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  } catch {
    return undefined // not Linux, or gone by now
  }
}
