import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Resident memory of a process in bytes, including native memory; undefined if it has ended. */
export function residentBytes(pid: number): number | undefined {
  const kib = process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  return kib === undefined ? undefined : kib * 1024
}

/** The process that another has started, if there is one (Linux only). */
export function onlyChild(pid: number): number | undefined {
  try {
    return Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')) || undefined
  } catch {
    return undefined
  }
}

function fromProc(pid: number): number | undefined {
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
    return match ? Number(match[1]) : undefined
  } catch {
    return undefined
  }
}

function fromPs(pid: number): number | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'latin1' })
  return Number(stdout.trim()) || undefined
}
