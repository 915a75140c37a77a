import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const held: unknown[] = []
let isMarked = false

/** Actions that a job can run in its child. */
const deeds: Record<string, (value: never) => unknown> = {
  echo: (value: unknown) => value,
  pid: () => process.pid,
  environment: () => process.env,
  sleep: (ms: number) => sleep(ms, 'awake'),
  refuse: () => {
    throw Object.assign(new Error('not a picture'), { name: 'NotMediaError', code: 'undecodable' })
  },
  abort: () => process.abort(),
  exit: () => process.exit(3),
  never: () => new Promise(() => undefined),
  loop: () => {
    for (;;);
  },
  heap: () => {
    for (;;) held.push(new Array<number>(100_000).fill(held.length))
  },
  native: () => {
    for (let n = 0; n < 40; n++) held.push(Buffer.alloc(16 * 1024 ** 2, 1))
    return new Promise(() => undefined)
  },
  hold: (bytes: number) => held.push(Buffer.alloc(bytes, 1)),
  mark: () => void (isMarked = true),
  isMarked: () => isMarked,
  unclonable: () => () => undefined,
  grandchild: () => execFile('sleep', ['1000']).pid,
  terminate: () => process.kill(process.pid, 'SIGTERM'),
}

export interface Job {
  readonly do: string
  readonly value?: unknown
}

export function run(job: Job): unknown {
  return deeds[job.do]!(job.value as never)
}
