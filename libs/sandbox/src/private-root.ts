import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { withoutNested } from './code-folders.ts'
import { mountsBelow, readMounts, type Mount } from './mounts.ts'

/** The system's programs and libraries, as far as they exist. None of this holds secrets, users or sockets. */
const SYSTEM = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/nix/store',
  '/etc/alternatives',
  '/etc/fonts',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/ssl/openssl.cnf',
]
const DEVICES = ['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom']
/** The new root is mounted over this folder: every Linux has it, and no child needs it. */
const ROOT = '/sys'
const TEMPORARY_BYTES = 64 * 1024 ** 2
const DROP_PRIVILEGES =
  'setpriv --pdeathsig KILL --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all ' +
  '--securebits=+noroot,+noroot_locked,+no_setuid_fixup,+no_setuid_fixup_locked'

export interface PrivateRootOptions {
  /** Folders and files that can be read, at the same paths. */
  readonly readable: readonly string[]
  /** True if the namespaces belong to a user namespace of their own, whose limits may be changed. */
  readonly hasUserNamespace: boolean
}

/**
 * A shell script for a process in new mount, PID and network namespaces. It builds a root with only the given paths,
 * all read-only, enters it, gives up every privilege, and executes its arguments. It ends at the first failure.
 */
export function privateRootScript({ readable, hasUserNamespace }: PrivateRootOptions): string {
  const mounts = readMounts()
  const system = SYSTEM.filter((path) => existsSync(path))
  const links = system.filter((path) => lstatSync(path).isSymbolicLink())
  // Folders below a link of the system are found through the link.
  const given = readable.flatMap((path) => [realpathSync(path), path]).filter((path) => !isBelow(path, links))
  const folders = withoutNested([...system.filter((path) => !links.includes(path)), ...given])
  const binds = folders.flatMap((path) => bindReadOnly(path, mounts))
  const files = [...folders.filter((path) => !statSync(path).isDirectory()), ...DEVICES]
  return [
    'set -e',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH',
    'umask 022',
    `mount -t tmpfs -o mode=755,nosuid,nodev root ${ROOT}`,
    `mkdir ${ROOT}/tmp`,
    `mount -t tmpfs -o mode=1777,nosuid,nodev,noexec,size=${TEMPORARY_BYTES} tmp ${ROOT}/tmp`,
    `mkdir -p ${[...folders.map(folderOf), '/dev', '/proc', '/.old'].map((path) => quote(ROOT + path)).join(' ')}`,
    `touch ${files.map((path) => quote(ROOT + path)).join(' ')}`,
    ...links.map((path) => `ln -s ${quote(readlinkSync(path))} ${quote(ROOT + path)}`),
    mountAll([
      ...binds,
      ...DEVICES.map((path): Entry => [path, ROOT + path, 'none', 'bind']),
      ['proc', `${ROOT}/proc`, 'proc', 'nosuid,nodev,noexec'],
    ]),
    // A process inside cannot regain privileges through another user namespace.
    ...(hasUserNamespace ? [`echo 0 > ${ROOT}/proc/sys/user/max_user_namespaces`] : []),
    `cd ${ROOT}`,
    'pivot_root . .old',
    'umount -l /.old',
    'rmdir /.old',
    // Root inside may be root outside: it must not change settings of the kernel.
    'mount -o remount,bind,ro,nosuid,nodev,noexec /proc',
    'mount -o remount,bind,ro,nosuid,nodev /',
    `exec ${DROP_PRIVILEGES} -- "$@"`,
  ].join('\n')
}

/** A line of fstab. */
type Entry = readonly [source: string, target: string, type: string, options: string]

/** One process mounts all, in order. */
function mountAll(entries: readonly Entry[]): string {
  const table = entries.map((entry) => `${[...entry.map(escape), '0', '0'].join(' ')}\n`).join('')
  return `printf %s ${quote(table)} > ${ROOT}/.table\nmount -a -T ${ROOT}/.table\nrm ${ROOT}/.table`
}

function bindReadOnly(path: string, mounts: readonly Mount[]): Entry[] {
  const real = realpathSync(path)
  const [top, ...inside] = mountsBelow(real, mounts)
  return [
    [path, ROOT + path, 'none', ['rbind', 'ro', ...top!.options].join(',')],
    ...inside.map((mount): Entry => {
      const options = ['remount', 'bind', 'ro', ...mount.options].join(',')
      return ['none', ROOT + path + mount.path.slice(real.length), 'none', options]
    }),
  ]
}

function folderOf(path: string): string {
  return statSync(path).isDirectory() ? path : dirname(path)
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(folder + sep))
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Spaces and the like would end a field of the table. */
function escape(text: string): string {
  return text.replace(/[\s\\#]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`)
}
