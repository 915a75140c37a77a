import { fork, type ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import type { Launcher } from './launcher.ts'
import type { FromChild, ToChild } from './messages.ts'
import { onlyChild, residentBytes } from './resident-memory.ts'
import { JobError, SandboxError, type SandboxErrorCode } from './sandbox-error.ts'

export interface ChildOptions {
  readonly module: string
  readonly maxMemoryBytes: number
  readonly env: Readonly<Record<string, string>>
  readonly launcher: Launcher
}

/** A child process that runs one job at a time. */
export interface Child {
  readonly isAlive: boolean
  residentBytes(): number
  /** @throws SandboxError, JobError, or the signal's reason; after any but JobError the child is gone */
  run(job: unknown, options: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<unknown>
  /** Kills it. @returns a promise that resolves when it has ended */
  end(): Promise<void>
}

/** The script that every child runs. */
export const MAIN = new URL(`./child-main${extname(import.meta.url)}`, import.meta.url)
const MIB = 1024 ** 2
const START_TIMEOUT_MS = 30_000
const WATCH_MS = 50
const STDERR_CHARS = 4096
/** Matches the messages of V8, libc++, GLib and the kernel. */
const OUT_OF_MEMORY = /out of memory|bad_alloc|failed to allocate|cannot allocate|allocation failed/i

/** @throws SandboxError `unavailable` if the system cannot start a process */
export function startChild(options: ChildOptions): Child {
  const child = spawnChild(options)
  const gone = Promise.withResolvers<undefined>()
  let stderr = ''
  let isAlive = true
  let verdict: Error | undefined
  let listener: ((message: FromChild) => void) | undefined
  child
    .stderr!.setEncoding('utf8')
    .on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_CHARS)))
  child.on('message', (message) => listener?.(message as FromChild))
  const bury = (end: string): void => {
    isAlive = false
    verdict ??= exitError(stderr, end)
    gone.resolve(undefined)
  }
  child.on('error', (error) => {
    // Any error other than a failed start is followed by the child's exit.
    if (child.pid === undefined) bury(error.message)
  })
  child.once('exit', (code, signal) => {
    killGroup(child)
    const end = signal ?? `exit code ${String(code)}`
    if (child.stderr!.closed) bury(end)
    else child.stderr!.once('close', () => bury(end))
  })

  /** Keeps the first reason: later errors are just consequences of the kill. */
  const kill = (reason: Error): void => {
    verdict ??= reason
    killGroup(child)
  }
  const answer = async (limit: { timeoutMs: number; late: string }): Promise<FromChild> => {
    const answered = Promise.withResolvers<FromChild>()
    listener = answered.resolve
    const timer = setTimeout(() => kill(new SandboxError('timeout', limit.late)), limit.timeoutMs)
    const watch = setInterval(() => {
      if (memoryOf(child, options) > options.maxMemoryBytes) kill(tooMuch(options.maxMemoryBytes))
    }, WATCH_MS)
    try {
      const message = await Promise.race([answered.promise, gone.promise])
      if (message === undefined) throw verdict!
      return message
    } finally {
      clearTimeout(timer)
      clearInterval(watch)
      listener = undefined
    }
  }
  const late = `The child did not start within ${START_TIMEOUT_MS} ms`
  const ready = answer({ timeoutMs: START_TIMEOUT_MS, late })
    .then(assertReady)
    .catch((error: unknown) => {
      throw isStartFailure(error) ? startFailure(error, options) : error
    })
  ready.catch(kill)

  return {
    get isAlive() {
      return isAlive && verdict === undefined
    },
    residentBytes: () => memoryOf(child, options),
    async run(job, { timeoutMs, signal }) {
      signal?.throwIfAborted()
      const abort = (): void => kill(signal!.reason as Error)
      signal?.addEventListener('abort', abort, { once: true })
      keepProcessAlive(child, true)
      try {
        await ready
        const answered = answer({ timeoutMs, late: `The job took more than ${timeoutMs} ms` })
        child.send({ job } satisfies ToChild)
        return resultOf(await answered)
      } finally {
        keepProcessAlive(child, false)
        signal?.removeEventListener('abort', abort)
      }
    },
    async end() {
      kill(new SandboxError('closed', 'The sandbox was closed'))
      if (isAlive) keepProcessAlive(child, true)
      await gone.promise
    },
  }
}

function spawnChild(options: ChildOptions): ChildProcess {
  let child: ChildProcess
  try {
    child = forkChild(options)
  } catch (error) {
    throw startFailure(error, options)
  }
  // Without file descriptors there are no streams, and the error event follows after this call.
  if (child.stderr) return child
  child.on('error', () => undefined)
  throw startFailure(new Error('the system has no file descriptor or process left'), options)
}

function forkChild({ module, maxMemoryBytes, env, launcher }: ChildOptions): ChildProcess {
  const conditions = process.execArgv.filter((arg) => /^(?:--conditions|-C)=/.test(arg))
  const heap = `--max-old-space-size=${Math.ceil(maxMemoryBytes / MIB)}`
  return fork(MAIN, [module], {
    execPath: launcher.command,
    execArgv: [...launcher.args, heap, '--no-warnings', ...conditions],
    // Nothing of the parent's environment, which contains passwords; fewer malloc arenas than one per thread.
    env: { PATH: process.env.PATH ?? '', MALLOC_ARENA_MAX: '2', ...env },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A separate process group, so that processes started by the child end with it.
    detached: true,
  })
}

function memoryOf({ pid }: ChildProcess, { launcher }: ChildOptions): number {
  const node = pid !== undefined && launcher.isParentOfNode ? onlyChild(pid) : pid
  return (node === undefined ? undefined : residentBytes(node)) ?? 0
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** An idle child must not keep the process alive. */
function keepProcessAlive(child: ChildProcess, isBusy: boolean): void {
  const handles = [child, child.channel, child.stderr as unknown as NodeJS.RefCounted]
  for (const handle of handles) handle?.[isBusy ? 'ref' : 'unref']()
}

function assertReady(message: FromChild): void {
  if (message.kind === 'unusable') throw new JobError(message.thrown)
}

/** A child that never became ready tried no job: the machine or the installation is at fault. */
function startFailure(error: unknown, { module, launcher }: ChildOptions): SandboxError {
  const message = error instanceof Error ? error.message : String(error)
  return new SandboxError(
    'unavailable',
    `No child process could be started for ${module} (${message}). Check that ${launcher.command} and Node.js ` +
      `at ${process.execPath} can be run, and that the installation is complete`,
    { cause: error },
  )
}

/** False for the reason of an abort, and if the sandbox was closed. */
function isStartFailure(error: unknown): boolean {
  return error instanceof JobError || (error instanceof SandboxError && error.code !== 'closed')
}

function resultOf(message: FromChild): unknown {
  if (message.kind === 'result') return message.result
  if (message.kind !== 'thrown') throw new TypeError(`A child answered with ${message.kind}`)
  const { thrown } = message
  if (OUT_OF_MEMORY.test(thrown.message)) throw new SandboxError('memory', thrown.message)
  throw new JobError(thrown)
}

function exitError(stderr: string, end: string): SandboxError {
  const last = stderr.trim().split('\n').slice(-3).join(' ')
  const code: SandboxErrorCode = OUT_OF_MEMORY.test(stderr) ? 'memory' : 'crashed'
  return new SandboxError(code, `The child ended (${end})${last && `: ${last}`}`)
}

function tooMuch(maxMemoryBytes: number): SandboxError {
  return new SandboxError(
    'memory',
    `The job took more than ${Math.round(maxMemoryBytes / MIB)} MiB of memory`,
  )
}
