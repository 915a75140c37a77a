import { availableParallelism } from 'node:os'
import { MAIN, startChild, type Child } from './child.ts'
import type { Isolation } from './isolation.ts'
import { findLauncher, type Launcher } from './launcher.ts'
import { SandboxError } from './sandbox-error.ts'

export interface SandboxOptions {
  /** An ES module that exports `run(job)`, which processes one job; a URL, or an import() specifier. */
  readonly module: URL | string
  /** Number of concurrent children; default: one per core. They are started on demand. */
  readonly size?: number | undefined
  /** Default time limit of a job. */
  readonly timeoutMs: number
  /** Memory limit of a child, including native memory and Node itself (some 50 MiB). */
  readonly maxMemoryBytes: number
  /** How the children are kept from the rest of the machine: `chooseIsolation`, or `noIsolation`. */
  readonly isolation: Isolation
  /** The modules that a child loads besides `module`, as URLs; it can read their packages. */
  readonly modules?: readonly string[] | undefined
  /** The complete environment of the children, except PATH: they inherit nothing of ours. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** An idle child ends after this time, default 30 seconds. */
  readonly idleMs?: number | undefined
}

export interface RunOptions {
  readonly timeoutMs?: number | undefined
  /** Aborting kills the child that runs the job; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Child processes for work that may crash, hang or exhaust memory. The parent is not affected. */
export interface Sandbox {
  /**
   * Runs a job in a child that does nothing else meanwhile. Jobs and results are structured clones (values, bytes).
   *
   * @throws SandboxError if the child had to be given up (`crashed`, `timeout`, `memory`), if none could be
   * started (`unavailable`), or if the sandbox is closed
   * @throws JobError if the job threw
   */
  run<Result>(job: unknown, options?: RunOptions): Promise<Result>
  /** Kills running children and waits until none is left. */
  close(): Promise<void>
}

interface Waiter {
  readonly enter: () => void
  readonly refuse: (reason: Error) => void
}

/** Memory left over from a finished job must not count against the next one, so such children are replaced. */
const RECYCLE_SHARE = 0.5

export function createSandbox(options: SandboxOptions): Sandbox {
  const {
    module,
    size = availableParallelism(),
    timeoutMs,
    maxMemoryBytes,
    isolation,
    modules = [],
    env = {},
    idleMs = 30_000,
  } = options
  const startNext = (): Child => {
    // Mounts, links and Node.js itself may have changed since the last child.
    let launcher: Launcher
    try {
      launcher = findLauncher({ modules: [MAIN.href, String(module), ...modules], maxMemoryBytes, isolation })
    } catch (cause) {
      throw new SandboxError('unavailable', `No child can be isolated: ${(cause as Error).message}`, {
        cause,
      })
    }
    return startChild({ module: String(module), maxMemoryBytes, env, launcher })
  }
  const children = new Set<Child>()
  const idle: Child[] = []
  const waiting: Waiter[] = []
  let working = 0
  let lastWork = 0
  let isClosed = false
  // The child that became idle last works first, so that surplus children stay idle.
  const takeRest = (): void => {
    if (performance.now() - lastWork >= idleMs) for (const child of idle.splice(0)) void end(child)
  }
  const timer = setInterval(takeRest, idleMs).unref()

  async function enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (working < size) {
      working++
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const waiter = { enter: () => resolve(undefined), refuse: reject }
    const leave = (): void => {
      waiting.splice(waiting.indexOf(waiter), 1)
      reject(signal!.reason as Error)
    }
    waiting.push(waiter)
    signal?.addEventListener('abort', leave, { once: true })
    await promise.finally(() => signal?.removeEventListener('abort', leave))
  }

  function leave(): void {
    const next = waiting.shift()
    if (next) next.enter()
    else working--
  }

  function takeChild(): Child {
    if (isClosed) throw new SandboxError('closed', 'The sandbox is closed')
    const rested = idle.pop()
    if (rested?.isAlive) return rested
    if (rested) children.delete(rested)
    const child = startNext()
    children.add(child)
    return child
  }

  async function giveBack(child: Child): Promise<void> {
    const isFit = child.isAlive && child.residentBytes() < maxMemoryBytes * RECYCLE_SHARE
    lastWork = performance.now()
    if (isFit) idle.push(child)
    else await end(child)
  }

  async function end(child: Child): Promise<void> {
    await child.end()
    children.delete(child)
  }

  return {
    async run<Result>(job: unknown, { timeoutMs: limit = timeoutMs, signal }: RunOptions = {}) {
      await enter(signal)
      try {
        const child = takeChild()
        try {
          return (await child.run(job, { timeoutMs: limit, signal })) as Result
        } finally {
          await giveBack(child)
        }
      } finally {
        leave()
      }
    },
    async close() {
      isClosed = true
      clearInterval(timer)
      for (const { refuse } of waiting.splice(0)) refuse(new SandboxError('closed', 'The sandbox was closed'))
      await Promise.all([...children].map(end))
    },
  }
}
