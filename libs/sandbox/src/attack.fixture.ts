// A decoder that a hostile file has taken over: it tries to reach what no decoder needs.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'

export interface Attack {
  /** A file that no job names. */
  readonly secretFile: string
  /** A server of this machine. */
  readonly port: number
  /** A Unix socket of this machine. */
  readonly socket: string
  /** A file that does not exist. */
  readonly target: string
  /** A file that jobs may read. */
  readonly media: string
}

const attacks = {
  passwords: () => readFileSync('/etc/passwd'),
  secretFile: ({ secretFile }: Attack) => readFileSync(secretFile),
  environment: () => {
    const found = readdirSync('/proc').filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes('SECRET_OF_THE_SERVER')
      } catch {
        return false
      }
    })
    if (found.length === 0) throw new Error('no process shows it')
  },
  network: async ({ port }: Attack) => {
    await once(connect(port, '127.0.0.1'), 'connect')
  },
  socket: async ({ socket }: Attack) => {
    await once(connect(socket), 'connect')
  },
  write: ({ target }: Attack) => writeFileSync(target, 'x'),
  change: ({ media }: Attack) => writeFileSync(media, 'x'),
  program: () => {
    const { status } = spawnSync('/bin/sh', ['-c', 'exit 0'])
    if (status !== 0) throw new Error(`status ${status}`)
  },
  namespace: () => {
    const { status } = spawnSync('unshare', ['--user', '--map-root-user', 'true'])
    if (status !== 0) throw new Error(`status ${status}`)
  },
  kernelSetting: () =>
    writeFileSync('/proc/sys/kernel/core_pattern', readFileSync('/proc/sys/kernel/core_pattern')),
}

/** @returns the names of the attacks that worked */
export async function run(attack: Attack): Promise<string[]> {
  const worked: string[] = []
  for (const [name, attempt] of Object.entries(attacks)) {
    try {
      await attempt(attack)
      worked.push(name)
    } catch {
      // Stopped.
    }
  }
  return worked
}
