import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chown, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresBinaries } from './binaries.ts'
import { isServerOf, removeStalePidFile } from './pid-file.ts'
import { isProcessAlive } from './process-alive.ts'
import type { ServerUser } from './server-user.ts'

/** A PostgreSQL data folder and how to run its programs. */
export interface Cluster {
  /** Contains `data`, `log`, `password` and `clients`. */
  readonly folder: string
  readonly binaries: PostgresBinaries
  readonly user: ServerUser | undefined
  /** Extra server settings, `name=value`. */
  readonly settings: readonly string[]
}

const dataFolder = (cluster: Cluster): string => join(cluster.folder, 'data')

/** Creates the data folder with a random password, if there is none yet. Recreates an incomplete one. */
export async function createCluster(cluster: Cluster): Promise<void> {
  const password = join(cluster.folder, 'password')
  const isMade = await access(join(cluster.folder, 'ready')).then(
    () => true,
    () => false,
  )
  if (isMade) return
  await mkdir(cluster.folder, { recursive: true, mode: 0o755 })
  await rm(dataFolder(cluster), { recursive: true, force: true })
  await mkdir(dataFolder(cluster), { mode: 0o700 })
  await writeFile(password, randomBytes(24).toString('hex'), { mode: 0o600 })
  await writeFile(join(cluster.folder, 'log'), '')
  if (cluster.user) {
    const { uid, gid } = cluster.user
    await Promise.all(['data', 'password', 'log'].map((name) => chown(join(cluster.folder, name), uid, gid)))
  }
  await runProgram(cluster, cluster.binaries.initdb, [
    `--pgdata=${dataFolder(cluster)}`,
    '--username=mediakeep',
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    // Same order as C.UTF-8, by code point, but compares bytes without calling the C library.
    '--lc-collate=C',
    '--no-instructions',
  ])
  await writeFile(join(cluster.folder, 'ready'), '')
}

/** Starts the server on a loopback port, by default any free one; returns once it accepts connections. */
export async function startServer(cluster: Cluster, fixedPort?: number): Promise<void> {
  await removeStalePidFile(dataFolder(cluster))
  const port = fixedPort ?? (await freePort())
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `port=${port}`,
    ...cluster.settings,
  ]
  await runProgram(cluster, cluster.binaries.pgCtl, [
    'start',
    `--pgdata=${dataFolder(cluster)}`,
    `--log=${join(cluster.folder, 'log')}`,
    '--wait',
    '--timeout=60',
    `--options=${settings.map((setting) => `-c ${setting}`).join(' ')}`,
  ])
}

/** Stops the server; uncommitted transactions are rolled back. */
export async function stopServer(cluster: Cluster): Promise<void> {
  await runProgram(cluster, cluster.binaries.pgCtl, [
    'stop',
    `--pgdata=${dataFolder(cluster)}`,
    '--mode=fast',
    '--wait',
  ])
}

/** True if the server is running or starting. */
export function isRunning(cluster: Cluster): Promise<boolean> {
  return isServerOf(dataFolder(cluster))
}

/** Returns the running server's URL, or undefined if none runs (one that is still starting does not count). */
export async function runningUrl(cluster: Cluster): Promise<string | undefined> {
  if (!(await isServerOf(dataFolder(cluster)))) return undefined
  // Line 4 of postmaster.pid is the port, line 8 the state, from PostgreSQL's miscadmin.h.
  const lines = (await readFile(join(dataFolder(cluster), 'postmaster.pid'), 'utf8')).split('\n')
  if (lines[7]?.trim() !== 'ready') return undefined
  const password = await readFile(join(cluster.folder, 'password'), 'utf8')
  return `postgresql://mediakeep:${password}@127.0.0.1:${lines[3]!.trim()}/postgres`
}

/** Runs `work` while holding this folder's lock, so that no other process does; breaks a dead process's lock. */
export async function withLock<Result>(cluster: Cluster, work: () => Promise<Result>): Promise<Result> {
  const path = join(cluster.folder, 'lock')
  await mkdir(cluster.folder, { recursive: true, mode: 0o755 })
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(path, 'wx')
      await file.writeFile(String(process.pid))
      await file.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = Number(await readFile(path, 'utf8').catch(() => ''))
      if ((holder > 0 && !isProcessAlive(holder)) || attempt > 900) await rm(path, { force: true })
      else await sleep(100)
    }
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

function runProgram(cluster: Cluster, program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // Detached, so that Ctrl-C at the terminal reaches only us; we then stop the server in an orderly way.
    const child = spawn(program, args, {
      ...cluster.user,
      cwd: '/',
      detached: true,
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    child.once('error', reject)
    // Not "close": the server that pg_ctl starts inherits the pipes and keeps them open.
    child.once('exit', (code) => {
      child.stdout.destroy()
      child.stderr.destroy()
      if (code === 0) resolve()
      else reject(new Error(`${program} ended with ${code}: ${output.trim()}`))
    })
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
