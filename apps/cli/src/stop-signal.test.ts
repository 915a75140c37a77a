import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'

const WORKSPACE = join(import.meta.dirname, '../../..')
const SERVE = [process.execPath, join(WORKSPACE, 'apps/cli/bin/mediakeep.js'), 'serve']
const NPM_START = ['npm', 'start']
const ON_TERMINAL = ['python3', '-B', join(import.meta.dirname, 'terminal.fixture.py')]
const PATIENT = { timeout: 30_000 }

let home: string
let child: ChildProcess

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mediakeep-stop-'))
  await chmod(home, 0o755)
  await makeWorkspace()
})
afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await rm(home, { recursive: true, force: true })
})

/** Creates a workspace with the same scripts and programs, without its set-up, which may install dependencies. */
async function makeWorkspace(): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(WORKSPACE, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  await mkdir(join(home, 'scripts'))
  await writeFile(join(home, 'scripts/setup.js'), '')
  await writeFile(join(home, 'package.json'), JSON.stringify({ name: 'workspace', scripts }))
  await symlink(join(WORKSPACE, 'node_modules'), join(home, 'node_modules'))
}

/** Starts a server on an embedded database in its own home. @returns its address, once it serves */
async function start(command: readonly string[]): Promise<string> {
  const env = { ...process.env, MEDIAKEEP_HOME: home, PORT: '0', DATABASE_URL: '' }
  child = spawn(command[0]!, command.slice(1), { cwd: home, env, stdio: 'pipe' })
  let output = ''
  const collect = (text: Buffer): void => void (output += text.toString())
  child.stdout!.on('data', collect)
  child.stderr!.on('data', collect)
  const address = (): string | undefined => /serves (http:\/\/[\d.:]+)/.exec(output)?.[1]
  await expect.poll(address, { timeout: 60_000 }).toBeDefined()
  return address()!
}

async function ending(): Promise<unknown> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return code ?? signal
}

/** Waits until neither the server nor its PostgreSQL is running. */
async function expectNothingLeft(url: string): Promise<void> {
  await expect.poll(() => fetch(`${url}/health/live`).catch(() => 'refused'), PATIENT).toBe('refused')
  await expect.poll(isPostgresRunning, PATIENT).toBe(false)
}

function isPostgresRunning(): Promise<boolean> {
  return access(join(home, 'postgres/data/postmaster.pid')).then(
    () => true,
    () => false,
  )
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s to npm ends the server and its PostgreSQL', async (signal) => {
  const url = await start(NPM_START)
  child.kill(signal)
  expect(await ending()).toBe(0)
  await expectNothingLeft(url)
})

test.each(['SIGTERM', 'SIGHUP'] as const)('%s ends a server and its PostgreSQL in order', async (signal) => {
  const url = await start(SERVE)
  child.kill(signal)
  expect(await ending()).toBe(0)
  await expectNothingLeft(url)
})

test('one signal that arrives twice, from npm and from the terminal, still ends the server in order', async () => {
  const url = await start([...ON_TERMINAL, ...NPM_START])
  child.stdin!.write('\u0003')
  expect(await ending()).toBe(0)
  await expectNothingLeft(url)
})

test.each([
  ['mediakeep serve', SERVE],
  ['npm start', NPM_START],
])('a closed terminal ends %s and its PostgreSQL', async (_, command) => {
  const url = await start([...ON_TERMINAL, ...command])
  child.stdin!.end()
  await expectNothingLeft(url)
})

test('a second signal after a while ends a process that does not stop', async () => {
  await start(SERVE)
  // The server cannot stop in order: its PostgreSQL is suspended.
  const postmaster = await postmasterId()
  process.kill(postmaster, 'SIGSTOP')
  try {
    child.kill('SIGTERM')
    await sleep(1500)
    expect(child.exitCode).toBe(null)
    child.kill('SIGTERM')
    expect(await ending()).toBe('SIGTERM')
  } finally {
    process.kill(postmaster, 'SIGCONT')
    process.kill(postmaster, 'SIGTERM')
    await expect.poll(isPostgresRunning, PATIENT).toBe(false)
  }
})

async function postmasterId(): Promise<number> {
  return Number((await readFile(join(home, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0])
}
