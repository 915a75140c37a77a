import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { Job } from './jobs.fixture.ts'
import { noIsolation } from './isolation.ts'
import { JobError, SandboxError } from './sandbox-error.ts'
import { createSandbox, type RunOptions, type Sandbox, type SandboxOptions } from './sandbox.ts'

const MIB = 1024 ** 2
const opened: Sandbox[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()))
})

function open(options: Partial<SandboxOptions> = {}): Sandbox {
  const module = new URL('./jobs.fixture.ts', import.meta.url)
  const limits = { size: 1, timeoutMs: 5000, maxMemoryBytes: 256 * MIB }
  const sandbox = createSandbox({ module, ...limits, isolation: noIsolation, ...options })
  opened.push(sandbox)
  return sandbox
}
const doing = <Result>(sandbox: Sandbox, job: Job, options?: RunOptions): Promise<Result> =>
  sandbox.run<Result>(job, options)
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const pidOf = (sandbox: Sandbox): Promise<number> => doing<number>(sandbox, { do: 'pid' })

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
async function untilGone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; pids.some(isRunning) && tries < 100; tries++) await sleep(20)
  expect(pids.filter(isRunning)).toEqual([])
}

test('a child lives on from job to job, and gives back values and bytes', async () => {
  const sandbox = open()
  const value = { bytes: Buffer.from('a'), list: [1n, undefined, new Date(0)] }
  expect(await doing(sandbox, { do: 'echo', value })).toEqual(value)
  expect(await pidOf(sandbox)).toBe(await pidOf(sandbox))
})

test('as many jobs as there are children run at once, the others wait', async () => {
  const sandbox = open({ size: 2 })
  const pids = await Promise.all(Array.from({ length: 20 }, () => pidOf(sandbox)))
  expect(new Set(pids).size).toBe(2)
})

test('what a job throws comes with its name and code, and its child lives on', async () => {
  const sandbox = open()
  const pid = await pidOf(sandbox)
  const error = await failure(doing(sandbox, { do: 'refuse' }))
  expect(error).toBeInstanceOf(JobError)
  expect(error).toMatchObject({ thrown: 'NotMediaError', code: 'undecodable', message: 'not a picture' })
  expect(await failure(doing(sandbox, { do: 'unclonable' }))).toHaveProperty(
    'message',
    expect.stringContaining('could not be cloned'),
  )
  expect(await pidOf(sandbox)).toBe(pid)
})

test.each([
  ['abort', 'crashed', /SIGABRT/],
  ['exit', 'crashed', /exit code 3/],
  ['never', 'timeout', /more than 300 ms/],
  ['loop', 'timeout', /more than 300 ms/],
])('a job that does `%s` fails alone: %s', async (deed, code, message) => {
  const sandbox = open({ size: 2 })
  const others = Promise.all(Array.from({ length: 10 }, (_, n) => doing(sandbox, { do: 'echo', value: n })))
  const error = await failure(doing(sandbox, { do: deed }, { timeoutMs: 300 }))
  expect(error).toBeInstanceOf(SandboxError)
  expect((error as SandboxError).code).toBe(code)
  expect((error as SandboxError).message).toMatch(message)
  expect(await others).toEqual(Array.from({ length: 10 }, (_, n) => n))
  expect(await doing(sandbox, { do: 'echo', value: 'on' })).toBe('on')
})

test.each(['heap', 'native'])('a job that eats %s memory is ended, and the next one works', async (deed) => {
  const sandbox = open({ timeoutMs: 20_000 })
  const before = process.memoryUsage.rss()
  const error = await failure(doing(sandbox, { do: deed }))
  expect(error).toMatchObject({ name: 'SandboxError', code: 'memory' })
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MIB)
  expect(await doing(sandbox, { do: 'echo', value: 'on' })).toBe('on')
})

test.runIf(process.platform === 'linux')('the kernel refuses memory far past the limit at once', async () => {
  const error = await failure(doing(open(), { do: 'hold', value: 3 * 1024 * MIB }))
  expect(error).toMatchObject({
    name: 'SandboxError',
    code: 'memory',
    message: expect.stringMatching(/allocat/) as string,
  })
})

test('what a job leaves behind is not held against the next one: its child is replaced', async () => {
  const sandbox = open()
  const pid = await pidOf(sandbox)
  await doing(sandbox, { do: 'hold', value: 140 * MIB })
  await doing(sandbox, { do: 'hold', value: 140 * MIB })
  expect(await pidOf(sandbox)).not.toBe(pid)
  await untilGone([pid])
})

test('an abort kills the child at work, and takes back a job that waits', async () => {
  const sandbox = open()
  const pid = await pidOf(sandbox)
  const stop = new AbortController()
  const running = failure(doing(sandbox, { do: 'loop' }, { signal: stop.signal }))
  const waiting = failure(doing(sandbox, { do: 'echo' }, { signal: stop.signal }))
  await sleep(50)
  const reason = new Error('the lease was lost')
  stop.abort(reason)
  expect(await running).toBe(reason)
  expect(await waiting).toBe(reason)
  await untilGone([pid])
  expect(await failure(doing(sandbox, { do: 'echo' }, { signal: stop.signal }))).toBe(reason)
})

test('closing leaves nothing: what works or waits is refused, what a job started ends with its child', async () => {
  const sandbox = open()
  const pid = await pidOf(sandbox)
  const grandchild = await doing<number>(sandbox, { do: 'grandchild' })
  const jobs = [doing(sandbox, { do: 'never' }), doing(sandbox, { do: 'echo' })].map(failure)
  await sandbox.close()
  for (const job of jobs) expect(await job).toMatchObject({ name: 'SandboxError', code: 'closed' })
  expect(await failure(pidOf(sandbox))).toMatchObject({ code: 'closed' })
  await untilGone([pid, grandchild])
})

test('children without work end, and come back when there is some', async () => {
  const sandbox = open({ idleMs: 50 })
  const pid = await pidOf(sandbox)
  await untilGone([pid])
  expect(await pidOf(sandbox)).not.toBe(pid)
})

test('a child sees nothing of our environment, and does not end by the signals meant for us', async () => {
  process.env.SECRET_OF_THE_PARENT = 'password'
  const sandbox = open({ env: { GIVEN: 'yes' } })
  const environment = await doing<NodeJS.ProcessEnv>(sandbox, { do: 'environment' })
  delete process.env.SECRET_OF_THE_PARENT
  expect(environment).toMatchObject({ GIVEN: 'yes', PATH: process.env.PATH })
  expect(environment).not.toHaveProperty('SECRET_OF_THE_PARENT')
  const pid = await pidOf(sandbox)
  await doing(sandbox, { do: 'terminate' })
  expect(await pidOf(sandbox)).toBe(pid)
})

test('a module that cannot be loaded fails each job with the reason', async () => {
  for (const module of ['data:text/javascript,throw new Error("no codec")', 'data:text/javascript,0']) {
    const sandbox = open({ module })
    for (let n = 0; n < 2; n++) {
      const error = await failure(pidOf(sandbox))
      expect(error).toMatchObject({ name: 'SandboxError', code: 'unavailable' })
      expect(String(error)).toMatch(/no codec|no export named `run`/)
    }
  }
})

test('a Node.js that was replaced under the process is no fault of the job: the sandbox says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const node = join(folder, 'node')
  const original = process.execPath
  onTestFinished(async () => {
    process.execPath = original
    await rm(folder, { recursive: true })
  })
  await copyFile(original, node)
  process.execPath = node
  const sandbox = open({ idleMs: 20 })
  const pid = await pidOf(sandbox)
  await untilGone([pid])
  for (const replaced of ['removed', 'half written'] as const) {
    await rm(node, { force: true })
    if (replaced === 'half written') await writeFile(node, 'ELF?', { mode: 0o755 })
    const error = await failure(pidOf(sandbox))
    expect(error).toMatchObject({ name: 'SandboxError', code: 'unavailable' })
    expect((error as Error).message).toContain(node)
  }
  await rm(node)
  await copyFile(original, node)
  expect(await doing(sandbox, { do: 'echo', value: 'on' })).toBe('on')
})

test.runIf(process.platform === 'linux')(
  'without file descriptors no child starts, and nothing breaks',
  async () => {
    const sandbox = open()
    const handles = []
    try {
      for (;;) handles.push(openSync('/dev/null', 'r'))
    } catch {
      const error = await failure(pidOf(sandbox))
      expect(error).toMatchObject({ name: 'SandboxError', code: 'unavailable' })
    } finally {
      for (const handle of handles) closeSync(handle)
    }
    expect(await doing(sandbox, { do: 'echo', value: 'on' })).toBe('on')
  },
)

test('when the parent is killed its children end, even one that hears nothing', async () => {
  const parent = fork(new URL('./parent.fixture.ts', import.meta.url), ['busy'], { silent: true })
  const [line] = (await once(parent.stdout!, 'data')) as [Buffer]
  const pids = JSON.parse(line.toString()) as number[]
  await sleep(100)
  expect(pids.every(isRunning)).toBe(true)
  parent.kill('SIGKILL')
  await untilGone(pids)
})

test('closing is awaited by a process that has nothing else to do', async () => {
  const parent = fork(new URL('./parent.fixture.ts', import.meta.url), ['closed'], { silent: true })
  parent.disconnect()
  let output = ''
  parent.stdout!.on('data', (text: Buffer) => (output += text.toString()))
  await once(parent, 'exit')
  await sleep(20)
  expect(output).toMatch(/closed/)
})

test('an idle sandbox that nobody closed keeps no process from ending', async () => {
  const parent = fork(new URL('./parent.fixture.ts', import.meta.url), ['idle'], { silent: true })
  parent.disconnect()
  const [line] = (await once(parent.stdout!, 'data')) as [Buffer]
  await once(parent, 'exit')
  await untilGone(JSON.parse(line.toString()) as number[])
})
