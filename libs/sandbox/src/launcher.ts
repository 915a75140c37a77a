import { spawnSync } from 'node:child_process'
import { codeFolders, withoutNested } from './code-folders.ts'
import type { Isolation } from './isolation.ts'
import { privateRootScript } from './private-root.ts'

export interface Launcher {
  readonly command: string
  readonly args: readonly string[]
  /** True if the command keeps running, with Node.js as its only child. */
  readonly isParentOfNode: boolean
}

export interface LauncherOptions {
  /** The modules that the child loads: URLs, or import() specifiers. */
  readonly modules: readonly string[]
  readonly maxMemoryBytes: number
  readonly isolation: Isolation
}

/** Address space is not memory: a process may map more writable space than it may actually use. */
const DATA_SHARE = 2
/** Reserved by Node itself, mostly untouched. */
const DATA_BASE_BYTES = 1024 ** 3
const NAMESPACES = ['--net', '--pid', '--ipc', '--uts', '--mount', '--fork', '--kill-child=KILL']

/**
 * Starts a child so that the kernel ends it with its parent (even if it loops and does not react), refuses it
 * memory far beyond its limit, and isolates it. The commands come with util-linux. Without setpriv and prlimit, the
 * closed channel and the parent's memory monitoring remain; isolation was tried before it is used here.
 */
export function findLauncher({ modules, maxMemoryBytes, isolation }: LauncherOptions): Launcher {
  const dataBytes = DATA_BASE_BYTES + DATA_SHARE * maxMemoryBytes
  const prefixes = [
    ['setpriv', '--pdeathsig', 'KILL'],
    ['prlimit', `--data=${dataBytes}`, '--core=0'],
  ].filter(isUsable)
  // Node.js denies a folder that is granted after a folder inside it.
  const readable = isolation.rung === 'none' ? [] : withoutNested([...isolation.readable, ...code(modules)])
  const isParentOfNode = isolation.rung === 'namespace'
  if (isParentOfNode) prefixes.push(namespaces(isolation, readable))
  const node = isolation.rung === 'none' ? [process.execPath] : [process.execPath, ...permissions(readable)]
  const [command, ...args] = [...prefixes.flat(), ...node]
  return { command: command!, args, isParentOfNode }
}

const known = new Map<string, readonly string[]>()

/** Found once per module, because it lists node_modules. */
function code(modules: readonly string[]): string[] {
  const folders = modules.flatMap((module) => {
    const found = known.get(module) ?? codeFolders(module)
    known.set(module, found)
    return found
  })
  return withoutNested(folders)
}

function namespaces({ isInUserNamespace }: Isolation, readable: readonly string[]): string[] {
  const script = privateRootScript({
    readable: [...readable, process.execPath],
    hasUserNamespace: isInUserNamespace,
  })
  const user = isInUserNamespace ? ['--user', '--map-root-user'] : []
  return ['unshare', ...user, ...NAMESPACES, '--', 'sh', '-c', script, 'sh']
}

/** Decoders are native code, and PDFium and Tesseract work in threads. Programs, and from Node 25 on the network, are denied. */
function permissions(readable: readonly string[]): string[] {
  return [
    '--permission',
    '--allow-addons',
    '--allow-worker',
    ...readable.map((path) => `--allow-fs-read=${path}`),
  ]
}

const usable = new Map<string, boolean>()

function isUsable(prefix: readonly string[]): boolean {
  const [command, ...args] = prefix
  if (command === undefined) return false
  const earlier = usable.get(command)
  if (earlier !== undefined) return earlier
  const works = spawnSync(command, [...args, process.execPath, '--version'], { stdio: 'ignore' }).status === 0
  usable.set(command, works)
  return works
}
