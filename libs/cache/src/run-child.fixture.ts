import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const SCRIPT = fileURLToPath(new URL('./child.fixture.ts', import.meta.url))
const run = promisify(execFile)

export interface ChildOptions {
  /** Command put before node: `strace …`, or a shell that limits something. */
  readonly prefix?: readonly string[]
}

/** Runs child.fixture.ts until it exits. @returns what it printed, or undefined when it was killed */
export async function runChild(arguments_: readonly string[], options: ChildOptions = {}): Promise<unknown> {
  const [file = '', ...rest] = [...(options.prefix ?? []), process.execPath, SCRIPT, ...arguments_]
  // One file system thread, so that injected faults hit the calls in order.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' }
  const { stdout } = await run(file, rest, { env }).catch((error: unknown) => {
    if (error instanceof Error && 'signal' in error && error.signal === 'SIGKILL') return { stdout: '' }
    throw error
  })
  return stdout === '' ? undefined : JSON.parse(stdout)
}

/** Starts a child that has begun a download and does not exit by itself. */
export async function hangingChild(root: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [SCRIPT, root, 'hang'], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'data')
  return child
}

/** strace arguments that make system calls fail, or kill: `fsync:error=EIO:when=2`. */
export function injecting(fault: string, path?: string): string[] {
  const filter = path === undefined ? [] : ['-P', path]
  const calls = fault.slice(0, fault.indexOf(':'))
  return [
    'strace',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    ...filter,
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${fault}`,
  ]
}
