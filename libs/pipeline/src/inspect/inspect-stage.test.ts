import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { CacheWriteError, InspectionFailedError } from '@mediakeep/content'
import type { StageReport } from '@mediakeep/lease'
import { inspectQueue, settleInspections } from '@mediakeep/media'
import { type Keeping, openKeeping } from '../keeping.fixture.ts'
import { archiveAll, contentRow, mediaRow, quarantined, reject, seed, type Seeded } from '../seed.fixture.ts'
import type { StopAt } from './inspect-child.fixture.ts'
import { type Answer, inspectWith, type Machine, noMedia } from './inspector.fixture.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(() => keeping.empty())
afterAll(() => keeping.close())

/** A freshly downloaded content, not inspected yet. */
const fetched = (rows = 1): Promise<Seeded> => seed(keeping, { rows, isInspected: false })

const inspectAll = (answer: Answer, machine?: Machine): Promise<StageReport> =>
  inspectWith(keeping, answer, machine)

async function changes(): Promise<{ mediaId: string; from: string; to: string }[]> {
  const found = await keeping.db.query<{ changes: { mediaId: string; from: string; to: string }[] }>(
    'SELECT changes FROM mediakeep.events ORDER BY event_id',
  )
  return found.rows.flatMap((row) => row.changes)
}

test('a content is decoded once for all its rows; then, and only then, it is archived', async () => {
  const one = await fetched(3)
  await archiveAll(keeping)
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({ archive_url: null })
  const asked: string[] = []
  expect(await inspectAll((path) => void asked.push(path))).toEqual({ done: 1, failed: 0 })
  expect(asked).toHaveLength(1)
  for (const id of one.mediaIds) {
    expect(await mediaRow(keeping.db, id)).toMatchObject({ fate: 'fetched', width: 40, height: 30 })
  }
  expect(await changes()).toHaveLength(3)
  expect(await inspectAll(noMedia)).toEqual({ done: 0, failed: 0 })
  await archiveAll(keeping)
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({
    width: 40,
    inspected_at: expect.any(Date) as Date,
    inspect_lease_token: null,
    archive_url: expect.any(String) as string,
  })
})

test('what cannot be decoded is rejected in all its rows with the reason; its file is in quarantine, no object remains', async () => {
  const [bad, good] = [await fetched(2), await fetched()]
  const report = await inspectAll((path) => (path.includes(bad.content.name) ? noMedia() : undefined))
  expect(report).toEqual({ done: 1, failed: 1 })
  for (const id of bad.mediaIds) {
    expect(await mediaRow(keeping.db, id)).toMatchObject({
      fate: 'rejected',
      fate_reason: 'undecodable: it has no pixels',
      local_file_path: null,
    })
    expect(await changes()).toContainEqual(expect.objectContaining({ mediaId: id, to: 'rejected' }))
  }
  expect(await keeping.cache.size(bad.path)).toBeUndefined()
  expect(await quarantined(keeping)).toEqual([
    { sha256: bad.content.sha256, reason: 'undecodable: it has no pixels', bytes: bad.bytes },
  ])
  expect(await keeping.cache.size(good.path)).toBe(2000)
  await archiveAll(keeping)
  expect(await contentRow(keeping.db, bad.content.sha256)).toMatchObject({
    archive_url: null,
    cache_id: null,
    inspect_lease_token: null,
    rejected_reason: 'undecodable: it has no pixels',
  })
  expect(await inspectAll(noMedia)).toEqual({ done: 0, failed: 0 })
})

test('a decoder that breaks once is forgiven', async () => {
  const one = await fetched()
  let asked = 0
  await inspectAll(() => (asked++ === 0 ? new InspectionFailedError('memory', 'too much') : undefined))
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched', width: 40 })
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({ inspect_error: null })
})

test('a content whose file is gone is fetched again', async () => {
  const one = await fetched()
  await keeping.cache.remove(one.path)
  await inspectAll(() => undefined)
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({
    fate: 'waiting',
    fate_reason: 'cache file missing',
    local_file_path: one.path,
  })
  expect(await inspectAll(() => undefined)).toEqual({ done: 0, failed: 0 })
})

test('a file that could not be moved is moved by the next pass', async () => {
  const one = await fetched()
  const broken = {
    ...keeping.cache,
    quarantine: {
      ...keeping.cache.quarantine,
      keep: () => Promise.reject(new CacheWriteError(one.path, 'EIO', 'mend the disk')),
    },
  }
  await expect(inspectAll(noMedia, { cache: broken })).rejects.toThrow()
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'rejected' })
  expect(await keeping.cache.size(one.path)).toBe(2000)
  await inspectAll(() => undefined)
  expect(await keeping.cache.size(one.path)).toBeUndefined()
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({
    fate: 'rejected',
    fate_reason: 'undecodable: it has no pixels',
    local_file_path: null,
  })
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({ cache_id: null })
})

test('the file of what a person rejected goes to quarantine without another look; its object stays', async () => {
  const one = await seed(keeping, { rows: 2 })
  await archiveAll(keeping)
  await reject(keeping.db, one)
  const asked: string[] = []
  expect(await inspectAll((path) => void asked.push(path))).toEqual({ done: 0, failed: 1 })
  expect(asked).toEqual([])
  expect(await keeping.cache.size(one.path)).toBeUndefined()
  expect(await quarantined(keeping)).toMatchObject([{ reason: 'a login page', bytes: one.bytes }])
  expect(await keeping.objects()).toEqual([one.key])
  for (const id of one.mediaIds) {
    expect(await mediaRow(keeping.db, id)).toMatchObject({
      ...{ fate: 'rejected', fate_reason: 'a login page', local_file_path: null },
      archive_url: expect.any(String) as string,
    })
  }
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({
    ...{ cache_id: null, rejected_reason: 'a login page', inspect_lease_token: null },
    archive_url: expect.any(String) as string,
  })
})

test('a verdict that comes too late is not written', async () => {
  const one = await fetched()
  const [lease] = await inspectQueue.claim(keeping.db, { limit: 1, leaseSeconds: 30 })
  await keeping.db.query('UPDATE mediakeep.contents SET inspect_lease_expires_at = now()')
  await inspectAll(() => undefined)
  const late = { lease: lease!, verdict: { kind: 'rejected', reason: 'late' } } as const
  expect(await settleInspections(keeping.db, [late])).toEqual(new Set())
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'fetched', width: 40 })
})

test.each<StopAt>(['inspecting', 'rejected', 'moved'])(
  'kill -9 when a file is %s: another process ends it within a lease, and nothing is left over',
  async (stopAt) => {
    const seeded = await Promise.all(Array.from({ length: 10 }, () => fetched()))
    const child = fork(new URL('./inspect-child.fixture.ts', import.meta.url), {
      env: {
        ...process.env,
        CHILD: JSON.stringify({ url: keeping.db.url, cache: keeping.cache.root, stopAt }),
      },
    })
    await once(child, 'message')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const left = async (): Promise<number> => {
      const found = await keeping.db.query(
        'SELECT FROM mediakeep.contents WHERE inspect_lease_token IS NOT NULL OR cache_id IS NOT NULL',
      )
      return found.rowCount
    }
    expect(await left()).toBe(10)
    const started = Date.now()
    while ((await left()) > 0 && Date.now() - started < 20_000) {
      await inspectAll(noMedia)
      await sleep(200)
    }
    expect(await left()).toBe(0)
    const kept = await quarantined(keeping)
    expect(kept.map(({ bytes }) => bytes.toString('hex')).sort()).toEqual(
      seeded.map(({ bytes }) => bytes.toString('hex')).sort(),
    )
    for (const { path, mediaIds } of seeded) {
      expect(await keeping.cache.size(path)).toBeUndefined()
      expect(await mediaRow(keeping.db, mediaIds[0]!)).toMatchObject({
        fate: 'rejected',
        local_file_path: null,
      })
    }
  },
)
