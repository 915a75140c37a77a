import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Suspect, Verdicts } from './verify-thread.ts'

export interface ThreadPool {
  /** Waits for a free thread. */
  check(batch: readonly Suspect[]): Promise<Verdicts>
  close(): Promise<void>
}

const SCRIPT = new URL(`./verify-thread${extname(import.meta.url)}`, import.meta.url)

/** Starts a thread only when a batch arrives and all others are busy, so a short list starts only one. */
export function createThreadPool(threads: number): ThreadPool {
  const idle: Worker[] = []
  const all: Worker[] = []
  const waiting: (() => void)[] = []

  async function acquire(): Promise<Worker> {
    while (idle.length === 0 && all.length >= threads) {
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    const worker = idle.pop()
    if (worker !== undefined) return worker
    const started = new Worker(SCRIPT)
    all.push(started)
    return started
  }

  async function check(batch: readonly Suspect[]): Promise<Verdicts> {
    const worker = await acquire()
    try {
      const verdicts = await ask(worker, batch)
      idle.push(worker)
      return verdicts
    } catch (error) {
      // The thread has ended; another one replaces it.
      all.splice(all.indexOf(worker), 1)
      await worker.terminate()
      throw error
    } finally {
      waiting.shift()?.()
    }
  }

  return {
    check,
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()))
    },
  }
}

async function ask(worker: Worker, batch: readonly Suspect[]): Promise<Verdicts> {
  const answered = new AbortController()
  const { signal } = answered
  const answer = once(worker, 'message', { signal }) as Promise<[Verdicts]>
  const end = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`A verification thread ended with ${String(code)}`)
  })
  worker.postMessage(batch)
  try {
    const [verdicts] = await Promise.race([answer, end])
    return verdicts
  } finally {
    answered.abort()
  }
}
