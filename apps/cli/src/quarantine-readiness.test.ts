import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { startServerWith } from './server.fixture.ts'

let place: Installation
beforeEach(async () => {
  place = await install()
})
afterEach(() => place.remove())

test('a full quarantine makes the server unready, with the reason and the remedy', async () => {
  const stats = await place.run('cache', 'stats', '--json')
  const { id } = JSON.parse(stats.stdout) as { id: string }
  const sha256 = 'ab'.repeat(32)
  await mkdir(join(place.home, 'cache/quarantine'), { recursive: true })
  await writeFile(join(place.home, 'cache/quarantine', `${sha256}.jpg`), Buffer.alloc(2000))
  await place.db.query(
    `INSERT INTO mediakeep.quarantine (cache_id, file_name, sha256_sum, byte_size, reason) VALUES ($1, $2, $3, 2000, 'polyglot')`,
    [id, `${sha256}.jpg`, sha256],
  )
  const ready = async (maxBytes: string): Promise<{ status: number; quarantine: unknown }> => {
    const server = await startServerWith({ QUARANTINE_MAX_BYTES: maxBytes }, place)
    const response = await fetch(`${server.url}/health/ready`)
    const { quarantine } = (await response.json()) as { quarantine: unknown }
    await server.kill('SIGTERM')
    return { status: response.status, quarantine }
  }
  expect(await ready('2000')).toMatchObject({ status: 200, quarantine: 'ok' })
  const full = await ready('1999')
  expect(full.status).toBe(503)
  expect(full.quarantine).toMatch(
    /quarantine has 2000 bytes, more than the 1999 allowed.*QUARANTINE_MAX_BYTES/,
  )
}, 120_000)
