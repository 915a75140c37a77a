import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileArchive } from '@mediakeep/archive'
import { type Archive, ArchiveError } from '@mediakeep/content'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Keeping, openKeeping } from '../keeping.fixture.ts'
import { archiveAll, contentRow, mediaRow, reject, seed } from '../seed.fixture.ts'
import { moveArchive } from './move-archive.ts'

let keeping: Keeping
let folder: string
let from: Archive
beforeAll(async () => {
  keeping = await openKeeping('s3')
})
beforeEach(async () => {
  await keeping.empty()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-old-archive-'))
  from = await openFileArchive(folder)
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(() => keeping.close())

const seedOld = async (count: number) => {
  const seeded = []
  for (let n = 0; n < count; n++) seeded.push(await seed(keeping, { rows: 2 }))
  await archiveAll({ ...keeping, archive: from })
  return seeded
}

test('every content is copied, verified and linked; the old archive keeps its objects', async () => {
  const seeded = await seedOld(3)
  const [one] = seeded
  const deps = { db: keeping.db, from, to: keeping.archive }
  expect(await moveArchive(deps, { dryRun: true })).toHaveLength(3)
  expect(await keeping.objects()).toEqual([])
  const first = await moveArchive(deps, { limit: 1 })
  expect(first).toMatchObject([{ outcome: 'moved', byteSize: 2000 }])
  // When started again, it continues.
  expect(await moveArchive(deps)).toHaveLength(2)
  expect(await moveArchive(deps)).toEqual([])
  for (const { content, key, mediaIds } of seeded) {
    const url = keeping.archive.urlOf(key)
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({ archive_url: url })
    for (const id of mediaIds)
      expect(await mediaRow(keeping.db, id)).toMatchObject({ archive_url: url, fate: 'fetched' })
    expect(await keeping.archive.verify(key, content, 'deep')).toBe('ok')
    expect(await from.verify(key, content, 'deep')).toBe('ok')
  }
  expect(await readFile(join(folder, one!.key))).toEqual(one!.bytes)
})

test('an object that is damaged or missing in the old archive, or not whole in the new one, keeps its place', async () => {
  const [damaged, missing, lost] = await seedOld(3)
  const bytes = await readFile(join(folder, damaged!.key))
  bytes[100]! ^= 1
  await writeFile(join(folder, damaged!.key), bytes)
  await rm(join(folder, missing!.key))
  const to: Archive = {
    ...keeping.archive,
    verify: (key, digests, depth, signal) =>
      key === lost!.key
        ? Promise.resolve('corrupt' as const)
        : keeping.archive.verify(key, digests, depth, signal),
  }
  const moved = await moveArchive({ db: keeping.db, from, to })
  const outcomes = new Map(moved.map(({ sha256, outcome }) => [sha256, outcome]))
  expect(outcomes).toEqual(
    new Map([
      [damaged!.content.sha256, 'failed'],
      [missing!.content.sha256, 'missing'],
      [lost!.content.sha256, 'failed'],
    ]),
  )
  for (const { content, key, mediaIds } of [damaged!, missing!, lost!]) {
    expect(await contentRow(keeping.db, content.sha256)).toMatchObject({ archive_url: from.urlOf(key) })
    expect(await mediaRow(keeping.db, mediaIds[0]!)).toMatchObject({
      archive_url: from.urlOf(key),
      fate: 'fetched',
    })
  }
})

test('rejected contents stay, and an archive that cannot be used ends the move', async () => {
  const [rejected, one] = await seedOld(2)
  await reject(keeping.db, rejected!)
  const refusing: Archive = {
    ...keeping.archive,
    put: () => Promise.reject(new ArchiveError('denied', 'PUT: AccessDenied (HTTP 403)')),
  }
  await expect(moveArchive({ db: keeping.db, from, to: refusing })).rejects.toMatchObject({ code: 'denied' })
  await expect(moveArchive({ db: keeping.db, from, to: from })).rejects.toThrow('nothing to move')
  const moved = await moveArchive({ db: keeping.db, from, to: keeping.archive })
  expect(moved.map(({ sha256 }) => sha256)).toEqual([one!.content.sha256])
})
