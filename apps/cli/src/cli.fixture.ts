import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { samplePosts } from '@mediakeep/sample'
import { createTestDatabase, keepAsTemplate, type TestDatabase } from '@mediakeep/testing'
import { inject } from 'vitest'

const BIN = join(import.meta.dirname, '../bin/mediakeep.js')

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A database and a home folder, and the real command line that uses them. */
export interface Installation {
  readonly db: TestDatabase
  readonly home: string
  /** Where the sample's media are served. */
  readonly sampleHost: string
  start(...args: string[]): ChildProcess
  /** Like `start`, with changes to the environment. */
  startWith(env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess
  /** Uses another program than this Node.js: a copy of it, or a program that runs its arguments. */
  startBy(program: readonly string[], env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess
  run(...args: string[]): Promise<Ended>
  runWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended>
  /** Writes the sample's posts to a file. @returns its path */
  samplePosts(freshlySigned?: boolean): Promise<string>
  /** Returns the paths of all files below a folder of the home, relative to it. */
  files(folder: string): Promise<string[]>
  remove(): Promise<void>
  /** Like `remove`, but keeps the database as a template that later tests of the run can clone. */
  keepDatabaseAs(template: string): Promise<void>
}

/** @param database default a migrated one that is empty */
export async function install(database?: TestDatabase): Promise<Installation> {
  const db = database ?? (await createTestDatabase())
  const home = await mkdtemp(join(tmpdir(), 'mediakeep-cli-'))
  const sampleHost = inject('sampleHost')
  const env = {
    ...process.env,
    DATABASE_URL: db.url,
    MEDIAKEEP_HOME: home,
    DOWNLOAD_ALLOW_HOSTS: sampleHost,
    PORT: '0',
    NODE_ENV: 'test',
  }
  const startBy: Installation['startBy'] = ([program, ...before], changes, ...args) =>
    spawn(program!, [...before, BIN, ...args], {
      cwd: home,
      env: { ...env, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const startWith: Installation['startWith'] = (changes, ...args) =>
    startBy([process.execPath], changes, ...args)
  const start = (...args: string[]): ChildProcess => startWith({}, ...args)
  return {
    db,
    home,
    sampleHost,
    start,
    startWith,
    startBy,
    run: (...args) => ended(start(...args)),
    runWith: (changes, ...args) => ended(startWith(changes, ...args)),
    async samplePosts(freshlySigned = false) {
      const path = join(home, freshlySigned ? 'fresh-posts.json' : 'posts.json')
      await writeFile(path, await samplePosts(sampleHost, freshlySigned))
      return path
    },
    async files(folder) {
      const entries = await readdir(join(home, folder), { recursive: true, withFileTypes: true }).catch(
        () => [],
      )
      return entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => join(entry.parentPath, entry.name).slice(join(home, folder).length + 1))
        .sort()
    },
    async remove() {
      await db.drop()
      await rm(home, { recursive: true, force: true })
    },
    async keepDatabaseAs(template) {
      await keepAsTemplate(db, template)
      await rm(home, { recursive: true, force: true })
    },
  }
}

function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', '']
    child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()))
    child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}
