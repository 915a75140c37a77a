import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDrill, type Drill } from './drill.fixture.ts'

const PATIENT = { timeout: 120_000 }

let drill: Drill
beforeEach(async () => {
  drill = await openDrill()
})
afterEach(() => drill.close())

test('the program of the decoders is gone, as during an upgrade: nothing is judged, all is decoded when it is back', async () => {
  const { origin, place } = drill
  const node = join(drill.home('program'), 'node')
  await mkdir(drill.home('program'))
  const install = async (): Promise<void> => {
    await copyFile(process.execPath, node)
    await chmod(node, 0o755)
  }
  await install()
  const machine = await drill.machine({ program: [node] })
  await machine.upload(origin.posts(0, 10))
  await drill.expectWhole(10)
  await rm(node)
  // Running processes would continue with the program that they have open.
  for (const pid of childrenOf(machine.process.pid!)) process.kill(pid, 'SIGKILL')
  await machine.upload(origin.posts(10, 30))
  await expect.poll(() => drill.note(), PATIENT).toBe(40)
  await expect.poll(async () => (await machine.ready()).text, PATIENT).toMatch(/inspect failing for/)
  const judged = await place.db.query(
    `SELECT FROM mediakeep.contents
     WHERE rejected_at IS NOT NULL OR (inspected_at IS NULL AND inspect_attempts > 0)`,
  )
  expect(judged.rowCount).toBe(0)
  await install()
  await drill.expectWhole(40, { seconds: 180 })
})

test('the disk of the cache is full: downloads wait and the reason is said; with space again they go on', async () => {
  const cache = join(drill.home(), 'cache')
  await mkdir(cache, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'drill', cache])
  try {
    await fillAndFree(cache)
  } finally {
    execFileSync('umount', ['-l', cache])
  }
})

async function fillAndFree(cache: string): Promise<void> {
  const { origin } = drill
  const machine = await drill.machine()
  await machine.upload(origin.posts(0, 5))
  await drill.expectWhole(5)
  const filler = join(cache, 'other-program.data')
  await writeFile(filler, Buffer.alloc(4 * 1024 ** 2)).catch(() => undefined)
  await machine.upload(origin.posts(5, 40))
  await expect.poll(async () => (await machine.ready()).text, PATIENT).toMatch(/is full|no space/)
  expect((await machine.ready()).status).toBe(503)
  await expect.poll(() => /ENOSPC|no space|full/.test(machine.said()), PATIENT).toBe(true)
  await rm(filler)
  await drill.expectWhole(45, { seconds: 180, mayEvict: true })
}

test('the machine comes back under another host name: its import goes on', async () => {
  const { origin } = drill
  const named = (host: string): string[] => [
    ...['unshare', '--uts', 'sh', '-c', `hostname ${host} && exec "$@"`, 'sh'],
    process.execPath,
  ]
  const before = await drill.machine({ program: named('drill-old'), args: ['--no-worker'] })
  await before.upload(origin.posts(0, 20))
  await before.kill('SIGKILL')
  await drill.machine({ program: named('drill-new') })
  await drill.expectWhole(20)
})

test('a machine is lost with its disk: what only it had is fetched again and archived by another', async () => {
  const { origin, place, store } = drill
  store.misbehave((line) => (line.startsWith('PUT') ? 'cut' : undefined))
  const lost = await drill.machine({ name: 'lost' })
  await lost.upload(origin.posts(0, 30))
  await expect.poll(() => drill.note(), PATIENT).toBe(30)
  await lost.kill('SIGKILL')
  await rm(lost.home, { recursive: true })
  store.misbehave(() => undefined)
  // As if two days had gone by.
  await place.db.query(`UPDATE mediakeep.caches SET last_seen_at = now() - interval '2 days'`)
  await place.db.query(`UPDATE mediakeep.tasks SET task_not_before = now() WHERE name = 'absent-caches'`)
  await drill.machine({ name: 'other' })
  await drill.expectWhole(30)
})

/** Returns the processes that a process started, and their descendants. */
function childrenOf(pid: number): number[] {
  // Each thread has its own list.
  const threads = globSync(`/proc/${pid}/task/*/children`)
  const children = threads.flatMap((list) =>
    readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return children.flatMap((child) => [child, ...childrenOf(child)])
}
