import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** A program of this folder in its own process. */
export interface Child {
  /** Its first message. */
  readonly said: unknown
  /** Sends a message and waits for the answer. */
  ask(message: unknown): Promise<unknown>
  stop(): Promise<void>
}

/** Starts a program, by its URL, and waits for its first message. @throws if it ends before that */
export async function startChild(program: string, args: readonly string[]): Promise<Child> {
  const child = fork(new URL(program), args)
  return {
    said: await message(child),
    ask(question) {
      child.send(question as object)
      return message(child)
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

/** Runs a program until its first message. @returns that message */
export async function runChild<Said>(program: string, args: readonly string[]): Promise<Said> {
  const child = await startChild(program, args)
  await child.stop()
  return child.said as Said
}

async function message(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController()
  const { signal } = settled
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([said]: unknown[]) => said),
      once(child, 'exit', { signal }).then(([code]: unknown[]) => {
        throw new Error(`${child.spawnargs.slice(1).join(' ')} ended with ${String(code)}`)
      }),
    ])
  } finally {
    settled.abort()
  }
}
