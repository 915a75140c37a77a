import { spawnSync } from 'node:child_process'

export interface Launcher {
  readonly command: string
  readonly args: readonly string[]
}

/** Address space is not memory: a process may map more writable space than it may actually use. */
const DATA_SHARE = 2
/** Reserved by Node itself, mostly untouched. */
const DATA_BASE_BYTES = 1024 ** 3

/**
 * Starts a child so that the kernel ends it with its parent (even if it loops and does not react) and refuses it
 * memory far beyond its limit. Both commands come with util-linux; if they are missing, the closed channel and the
 * parent's memory monitoring remain.
 */
export function findLauncher(maxMemoryBytes: number): Launcher {
  const dataBytes = DATA_BASE_BYTES + DATA_SHARE * maxMemoryBytes
  const prefixes = [
    ['setpriv', '--pdeathsig', 'KILL'],
    ['prlimit', `--data=${dataBytes}`, '--core=0'],
  ].filter(isUsable)
  const [command, ...args] = [...prefixes.flat(), process.execPath]
  return { command, args }
}

const usable = new Map<string, boolean>()

function isUsable(prefix: readonly string[]): boolean {
  const [command, ...args] = prefix
  if (command === undefined) return false
  const known = usable.get(command)
  if (known !== undefined) return known
  const works = spawnSync(command, [...args, process.execPath, '--version'], { stdio: 'ignore' }).status === 0
  usable.set(command, works)
  return works
}
