import { availableParallelism } from 'node:os'
import { startChild, type Child } from './child.ts'
import { findLauncher } from './launcher.ts'
import { SandboxError } from './sandbox-error.ts'

export interface SandboxOptions {
  /** An ES module whose export `run(job)` works on one job; as a URL, or as a specifier an import() takes. */
  readonly module: URL | string
  /** How many children work at once; default: one for each core. They are started when there is work for them. */
  readonly size?: number | undefined
  /** How long a job may take when it does not say. */
  readonly timeoutMs: number
  /** What a child may hold, native memory and Node itself (some 50 MiB) included. */
  readonly maxMemoryBytes: number
  /** The whole environment of the children but for PATH: they see nothing of ours. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** A child without work ends after this time, default 30 seconds. */
  readonly idleMs?: number | undefined
}

export interface RunOptions {
  readonly timeoutMs?: number | undefined
  /** Aborting kills the child that works on the job; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Child processes for work that may crash, hang or eat memory. Nothing of it reaches the parent. */
export interface Sandbox {
  /**
   * Runs a job in a child of its own for that time. Jobs and results are structured clones: plain values, bytes.
   *
   * @throws SandboxError when the child had to be given up (`crashed`, `timeout`, `memory`), when none could be
   * started (`unavailable`), or when the sandbox is closed
   * @throws JobError when the job threw
   */
  run<Result>(job: unknown, options?: RunOptions): Promise<Result>
  /** Kills what still works and waits until no child is left. */
  close(): Promise<void>
}

interface Waiter {
  readonly enter: () => void
  readonly refuse: (reason: Error) => void
}

/** Memory that a finished job left behind may not be held against the next one. */
const RECYCLE_SHARE = 0.5

export function createSandbox(options: SandboxOptions): Sandbox {
  const {
    module,
    size = availableParallelism(),
    timeoutMs,
    maxMemoryBytes,
    env = {},
    idleMs = 30_000,
  } = options
  const launcher = findLauncher(maxMemoryBytes)
  const children = new Set<Child>()
  const idle: Child[] = []
  const waiting: Waiter[] = []
  let working = 0
  let lastWork = 0
  let isClosed = false
  // The last to rest is the first to work, so that those who are not needed stay at rest.
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
    const child = startChild({ module: String(module), maxMemoryBytes, env, launcher })
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
