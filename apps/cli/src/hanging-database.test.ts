import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase } from '@mediakeep/postgres'
import { expect, test } from 'vitest'
import { install } from './cli.fixture.ts'

/** Signals all processes of a server: after SIGSTOP its connections stay open, and nothing answers. */
async function signalServer(folder: string, signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const pid = Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  for (const id of [pid, ...children.trim().split(' ').map(Number)]) process.kill(id, signal)
}

test.runIf(process.platform === 'linux')(
  'SIGTERM ends a worker though the database does not answer any more',
  async () => {
    const place = await install()
    const parent = await mkdtemp(join(tmpdir(), 'mediakeep-hanging-'))
    await chmod(parent, 0o755)
    const server = await openEmbeddedPostgres(join(parent, 'postgres'), { settings: ['fsync=off'] })
    const url = await createDatabase(server.url, 'mediakeep')
    const worker = place.startWith({ DATABASE_URL: url }, 'worker')
    try {
      let output = ''
      worker.stderr!.on('data', (text: Buffer) => (output += text.toString()))
      await expect.poll(() => output, { timeout: 90_000 }).toContain('worker started')
      await sleep(1000)
      await signalServer(server.folder, 'SIGSTOP')
      await sleep(1000)
      const ended = once(worker, 'exit')
      worker.kill('SIGTERM')
      const started = performance.now()
      expect(await ended).toEqual([1, null])
      expect(performance.now() - started).toBeLessThan(50_000)
      expect(output).toContain('the database, which does not answer')
    } finally {
      worker.kill('SIGKILL')
      await signalServer(server.folder, 'SIGCONT')
      await server.close()
      await place.remove()
      await rm(parent, { recursive: true, force: true })
    }
  },
  180_000,
)
