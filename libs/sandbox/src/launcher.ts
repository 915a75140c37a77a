import { spawnSync } from 'node:child_process'

export interface Launcher {
  readonly command: string
  readonly args: readonly string[]
}

/** Address space is not memory: what a process may write to is allowed to be larger than what it may hold. */
const DATA_SHARE = 2
/** What Node itself sets aside, of which it touches little. */
const DATA_BASE_BYTES = 1024 ** 3

/**
 * How a child is started so that the kernel ends it with its parent (even one that loops and hears nothing) and
 * refuses it memory long past its limit. Both commands come with util-linux; where they are missing, the closed
 * channel and the parent's watch over the memory remain.
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
