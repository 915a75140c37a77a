import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The limits of the attacked server: what a small machine gives it. */
const HEAP_MIB = 1024
const DESCRIPTORS = 256
const BIN = join(import.meta.dirname, '../../bin/mediakeep.js')

/** A real server in its own process, and what it holds. */
export interface Target {
  readonly url: string
  readonly home: string
  /** Why it ended; undefined while it runs. */
  ended(): string | undefined
  said(): string
  descriptors(): number
  residentMib(): number
  /** Files of requests: uploads, and what is being received into the cache. */
  temporaryFiles(): string[]
  stop(): Promise<void>
}

/** @param nameServer answers no lookup; undefined where names cannot be redirected (needs root) */
export async function startTarget(
  env: NodeJS.ProcessEnv,
  home: string,
  nameServer: string | undefined,
): Promise<Target> {
  const node = `ulimit -n ${DESCRIPTORS}; exec "$0" --max-old-space-size=${HEAP_MIB} "$@"`
  const serve = ['sh', '-c', node, process.execPath, BIN, 'serve']
  const resolver = `echo nameserver ${nameServer!} > ${home}/resolv.conf; mount --bind ${home}/resolv.conf /etc/resolv.conf; exec "$@"`
  const isolated = ['unshare', '--mount', 'sh', '-c', resolver, 'sh']
  const [command, ...args] = [...(nameServer === undefined ? [] : isolated), ...serve]
  const child = spawn(command!, args, { env, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-1_000_000)
      const found = /serves (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`the server did not start: ${said}`)))
  })
  return { url, home, said: () => said, ...inspect(child, home) }
}

function inspect(child: ChildProcess, home: string): Omit<Target, 'url' | 'home' | 'said'> {
  const pid = child.pid!
  const ended = (): string | undefined => {
    if (child.exitCode !== null) return `exit code ${child.exitCode}`
    return child.signalCode ?? undefined
  }
  return {
    ended,
    descriptors: () => (ended() === undefined ? readdirSync(`/proc/${pid}/fd`).length : 0),
    residentMib: () => {
      const status = ended() === undefined ? readFileSync(`/proc/${pid}/status`, 'latin1') : ''
      return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024)
    },
    temporaryFiles: () => ['uploads', 'cache/tmp'].flatMap((folder) => filesIn(join(home, folder))),
    async stop() {
      if (ended() !== undefined) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
