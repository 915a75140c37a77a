import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Attack } from './attack.fixture.ts'
import { codeFolders } from './code-folders.ts'
import { chooseIsolation, IsolationError, noIsolation, type Isolation, type Rung } from './isolation.ts'
import type { Job } from './jobs.fixture.ts'
import { findLauncher } from './launcher.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'

const MIB = 1024 ** 2
const SECRET = 'SECRET_OF_THE_SERVER'
const nodeStopsNetwork = process.allowedNodeEnvironmentFlags.has('--allow-net')

let folder: string
let media: string
let attack: Attack
const namespace = await chooseIsolation('namespace', []).catch((error: unknown) => error as IsolationError)
const hasNamespaces = !(namespace instanceof IsolationError)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isolation-'))
  media = join(folder, 'the cache')
  await mkdir(media)
  await writeFile(join(media, 'picture'), 'picture')
  await writeFile(join(folder, 'secret'), 'secret')
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  const local = createServer((socket) => socket.end()).listen(join(folder, 'socket'))
  await Promise.all([server, local].map((one) => once(one, 'listening')))
  attack = {
    secretFile: join(folder, 'secret'),
    port: (server.address() as AddressInfo).port,
    socket: join(folder, 'socket'),
    target: join(folder, 'written'),
    media: join(media, 'picture'),
  }
  afterAll(async () => {
    server.close()
    local.close()
    await rm(folder, { recursive: true })
  })
})

function open(isolation: Isolation, name: string, limits = {}): Sandbox {
  const sandbox = createSandbox({
    module: new URL(`./${name}.fixture.ts`, import.meta.url),
    size: 1,
    timeoutMs: 30_000,
    maxMemoryBytes: 256 * MIB,
    isolation,
    ...limits,
  })
  onTestFinished(() => sandbox.close())
  return sandbox
}

/** Runs the attacks as a child of a process that started with a secret in its environment. */
async function attackFrom(rung: Rung): Promise<string[]> {
  const parent = fork(new URL('./attacked-parent.fixture.ts', import.meta.url), [], {
    env: { ...process.env, [SECRET]: 'password' },
  })
  parent.send({ rung, readable: [media], attack })
  const [worked] = (await once(parent, 'message')) as [string[]]
  parent.disconnect()
  return worked
}

/** Root may do what others may not even without isolation. */
const asRoot = process.getuid?.() === 0 ? ['kernelSetting'] : []

describe.each<{ rung: Rung; works: string[] }>([
  { rung: 'namespace', works: [] },
  { rung: 'permission', works: nodeStopsNetwork ? [] : ['network', 'socket'] },
  {
    rung: 'none',
    works: [
      'passwords',
      'secretFile',
      'environment',
      'network',
      'socket',
      'write',
      'change',
      'program',
      'namespace',
      ...asRoot,
    ],
  },
])('a decoder that was taken over, at the rung $rung', ({ rung, works }) => {
  test.skipIf(rung === 'namespace' && !hasNamespaces)(
    'reaches only what the docs say',
    async () => {
      onTestFinished(() => writeFile(attack.media, 'picture'))
      expect(await attackFrom(rung)).toEqual(works)
      expect(existsSync(attack.target)).toBe(works.includes('write'))
      if (!works.includes('change')) expect(await readFile(attack.media, 'utf8')).toBe('picture')
      await rm(attack.target, { force: true })
    },
    60_000,
  )
})

describe.skipIf(!hasNamespaces)('a child in namespaces', () => {
  const inNamespaces = (readable: string[] = []): Promise<Isolation> => chooseIsolation('namespace', readable)
  const doing = <Result>(sandbox: Sandbox, job: Job): Promise<Result> => sandbox.run<Result>(job)

  test("is isolated by the kernel: native code is not bound by Node's permission model", async () => {
    const isolation = await inNamespaces([media])
    const modules = [new URL('./attack.fixture.ts', import.meta.url).href]
    const { command, args } = findLauncher({ modules, maxMemoryBytes: 256 * MIB, isolation })
    const unbound = args.filter((arg) => !arg.startsWith('--permission') && !arg.startsWith('--allow-'))
    const script = `import(${JSON.stringify(modules[0])}).then(({ run }) => run(${JSON.stringify(attack)})).then((worked) => console.log(JSON.stringify(worked)))`
    const { stdout, stderr } = spawnSync(command, [...unbound, '-e', script], { encoding: 'utf8' })
    // A program that it starts is in the same namespaces, and what it writes below /tmp is in its own /tmp.
    expect(JSON.parse(stdout), stderr).toEqual(['write', 'program'])
    expect(existsSync(attack.target)).toBe(false)
  }, 60_000)

  test('crashes, hangs and eats memory alone', async () => {
    const isolation = await inNamespaces()
    for (const [deed, code] of [
      ['abort', 'crashed'],
      ['exit', 'crashed'],
      ['loop', 'timeout'],
      ['native', 'memory'],
      ['heap', 'memory'],
    ] as const) {
      const sandbox = open(isolation, 'jobs', { timeoutMs: deed === 'loop' ? 300 : 30_000 })
      await expect(doing(sandbox, { do: deed })).rejects.toMatchObject({ name: 'SandboxError', code })
      if (deed !== 'loop') expect(await doing(sandbox, { do: 'echo', value: 'on' })).toBe('on')
    }
  }, 120_000)

  test('is replaced when it holds too much memory, as everywhere', async () => {
    const sandbox = open(await inNamespaces(), 'jobs')
    await doing(sandbox, { do: 'mark' })
    expect(await doing(sandbox, { do: 'isMarked' })).toBe(true)
    await doing(sandbox, { do: 'hold', value: 140 * MIB })
    expect(await doing(sandbox, { do: 'isMarked' })).toBe(false)
  }, 60_000)

  test('ends with its parent even if it loops', async () => {
    const before = childrenOfTests()
    const parent = fork(new URL('./parent.fixture.ts', import.meta.url), ['busy', 'namespace'], {
      silent: true,
    })
    await once(parent.stdout!, 'data')
    await sleep(100)
    expect(childrenOfTests().length).toBeGreaterThan(before.length)
    parent.kill('SIGKILL')
    await expect.poll(childrenOfTests, { timeout: 10_000 }).toEqual(before)
  }, 60_000)

  test('reads through links, and from folders with spaces', async () => {
    const link = join(folder, 'link')
    await symlink(media, link)
    onTestFinished(() => rm(link))
    expect((await inNamespaces([link])).rung).toBe('namespace')
  }, 60_000)
})

/** The processes of `parent.fixture.ts` in namespaces, which are the first of their PID namespace. */
function childrenOfTests(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const isFirst = /^NSpid:\t\d+\t1$/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'))
      return isFirst && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(import.meta.dirname)
    } catch {
      return false
    }
  })
}

describe('the choice of the rung', () => {
  test('without namespaces fails if they are required, and otherwise says why it is a lower one', async () => {
    const programs = await mkdtemp(join(tmpdir(), 'programs-'))
    const path = process.env.PATH
    onTestFinished(async () => {
      process.env.PATH = path
      await rm(programs, { recursive: true })
    })
    for (const name of ['setpriv', 'prlimit']) await symlink(join('/usr/bin', name), join(programs, name))
    process.env.PATH = programs
    const missing = await chooseIsolation('namespace', []).catch((error: unknown) => error)
    expect(missing).toBeInstanceOf(IsolationError)
    expect(String(missing)).toMatch(/DECODER_ISOLATION=namespace is not available on this machine: .*unshare/)
    const { rung, summary } = await chooseIsolation('auto', [])
    expect(rung).toBe('permission')
    expect(summary).toMatch(/this is no boundary. namespace is not available: .*unshare/)
    expect(await chooseIsolation('none', [])).toBe(noIsolation)
  }, 60_000)

  test('fails if children cannot read a folder, before the first job', async () => {
    await expect(chooseIsolation('permission', [join(folder, 'nothing here')])).rejects.toThrow(
      /nothing here/,
    )
  }, 60_000)
})

test('a folder may hold another one that is readable, such as a cache that holds the program', async () => {
  const inner = join(folder, 'inner')
  await mkdir(inner, { recursive: true })
  expect((await chooseIsolation('permission', [inner, folder])).rung).toBe('permission')
})

test('children can read the code of a workspace, but not its own folder, which may hold secrets', () => {
  const root = join(import.meta.dirname, '../../..')
  const folders = codeFolders(new URL('./sandbox.ts', import.meta.url).href)
  expect(folders).toContain(join(root, 'libs'))
  expect(folders).toContain(join(root, 'node_modules'))
  expect(folders).not.toContain(root)
  expect(folders.some((path) => root.startsWith(path))).toBe(false)
})
