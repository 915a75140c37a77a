import { readFileSync } from 'node:fs'
import { sep } from 'node:path'

export interface Mount {
  readonly path: string
  /** Options that a new mount of the same files must keep: `nosuid`, `noatime`. */
  readonly options: readonly string[]
}

/** A user namespace may not remove these from a mount that it inherits. */
const KEPT = ['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime']

/** The mounts that this process sees, in the order in which they were made. */
export function readMounts(): Mount[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, , , , path = '/', options = ''] = line.split(' ')
      return { path: unescape(path), options: options.split(',').filter((option) => KEPT.includes(option)) }
    })
}

/** The mount that holds a path, then those inside that path, each with its own path. */
export function mountsBelow(path: string, mounts: readonly Mount[]): Mount[] {
  const isIn = (inner: string, folder: string): boolean =>
    inner === folder || inner.startsWith(folder.endsWith(sep) ? folder : folder + sep)
  const holder = mounts
    .filter((mount) => isIn(path, mount.path))
    .reduce((nearest, mount) => (mount.path.length >= nearest.path.length ? mount : nearest))
  const inside = mounts.filter((mount) => mount.path !== path && isIn(mount.path, path))
  return [{ path, options: holder.options }, ...inside]
}

/** Spaces and the like are written as `\040`. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
