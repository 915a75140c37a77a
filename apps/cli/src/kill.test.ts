import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

let place: Installation
beforeAll(async () => {
  place = await install()
})
afterAll(() => place.remove())

/** Counts that grow as the work proceeds: each process is killed as soon as it has increased one of them. */
const STEPS = {
  'runs registered': 'SELECT count(*) FROM mediakeep.import_runs',
  'posts imported': 'SELECT count(*) FROM posts',
  'downloads begun': 'SELECT sum(download_deaths + 2 * download_attempts) FROM post_media',
  'files known on their rows': 'SELECT count(*) FROM post_media WHERE local_file_path IS NOT NULL',
  'media fetched': `SELECT count(*) / 5 FROM post_media WHERE fate = 'fetched'`,
  'inspections begun': 'SELECT sum(inspect_deaths + 2 * inspect_attempts) FROM mediakeep.contents',
  'contents inspected': 'SELECT count(*) / 2 FROM mediakeep.contents WHERE inspected_at IS NOT NULL',
  'uploads begun': 'SELECT sum(archive_deaths) + 2 * count(archive_url) FROM mediakeep.contents',
  'contents archived': 'SELECT count(*) / 2 FROM mediakeep.contents WHERE archive_url IS NOT NULL',
}

test('kill -9 at any step, then a restart: everything completes within a minute, nothing is left over', async () => {
  const posts = await place.samplePosts()
  for (const step of Object.values(STEPS)) {
    const before = await count(step)
    const child = place.start('import', posts)
    const exit = once(child, 'exit')
    while (child.exitCode === null && (await count(step)) <= before) await sleep(1)
    child.kill('SIGKILL')
    await exit
    await letLeasesPass()
  }
  const worker = place.start('worker')
  const started = Date.now()
  try {
    while ((await unfinished()) > 0 && Date.now() - started < 60_000) await sleep(500)
    expect(await unfinished()).toBe(0)
    // The periodic sweep removes the files that the killed processes were working on.
    while ((await place.files('cache/tmp')).length > 0 && Date.now() - started < 60_000) await sleep(500)
  } finally {
    worker.kill('SIGTERM')
    await once(worker, 'exit')
  }
  await expectNothingLeftOver()
}, 240_000)

async function count(query: string): Promise<number> {
  return Number((await place.db.query<{ n: number | null }>(`SELECT (${query}) AS n`)).rows[0]!.n)
}

/** Expires leases as if half a minute had passed. After the last step, real time passes. */
async function letLeasesPass(): Promise<void> {
  await place.db.query(
    `UPDATE post_media SET download_lease_expires_at = now() WHERE download_lease_token IS NOT NULL`,
  )
  await place.db.query(`UPDATE mediakeep.download_slots SET lease_expires_at = now()`)
  await place.db.query(
    `UPDATE mediakeep.contents SET inspect_lease_expires_at = now() WHERE inspect_lease_token IS NOT NULL`,
  )
}

async function unfinished(): Promise<number> {
  const found = await place.db.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM post_media WHERE fate = 'waiting' OR download_lease_token IS NOT NULL)
       + (SELECT count(*) FROM mediakeep.contents WHERE archive_url IS NULL OR inspected_at IS NULL)
       + (SELECT count(*) FROM download_runs WHERE status = 'running') AS n`,
  )
  return found.rows[0]!.n
}

async function expectNothingLeftOver(): Promise<void> {
  const contents = await place.db.query<{ name: string; shown: boolean }>(
    `SELECT c.name, EXISTS (SELECT FROM post_media m WHERE m.sha256_sum = c.sha256_sum) AS shown
     FROM mediakeep.contents c ORDER BY c.name`,
  )
  expect(contents.rows.filter(({ shown }) => !shown)).toEqual([])
  const names = contents.rows.map(({ name }) => name)
  const stem = (path: string): string => path.replace(/^.*\//, '').replace(/\..*$/, '')
  expect((await place.files('cache')).map(stem).sort()).toEqual(names)
  expect([...new Set((await place.files('archive')).map(stem))].sort()).toEqual(names)
  const fates = await place.db.query(`SELECT fate, count(*) AS n FROM post_media GROUP BY fate ORDER BY fate`)
  expect(fates.rows).toEqual([
    { fate: 'blocked', n: 1 },
    { fate: 'expired', n: 1 },
    { fate: 'fetched', n: 40 },
    { fate: 'gone', n: 1 },
    { fate: 'rejected', n: 1 },
  ])
  const permits = await place.db.query(`SELECT FROM mediakeep.download_slots WHERE lease_expires_at > now()`)
  expect(permits.rowCount).toBe(0)
}
