import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Archive, ArchiveError } from '@mediakeep/content'
import { unrejectContent } from '@mediakeep/media'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inspectWith, noMedia } from '../inspect/inspector.fixture.ts'
import { openArchive, openKeeping, type Keeping, s3Away } from '../keeping.fixture.ts'
import { assertQuarantineHasRoom, limitQuarantine, QuarantineFullError } from './limit-quarantine.ts'
import { quarantinedFiles } from '../overview/quarantine.ts'
import { restoreMedia } from './verify-media.ts'
import { archiveAll, contentRow, mediaRow, quarantined, reject, seed, type Seeded } from '../seed.fixture.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(() => keeping.empty())
afterAll(() => keeping.close())

const YEAR = 365 * 24 * 3600

/** A content in quarantine that is also in the archive. */
async function archivedAndRejected(): Promise<Seeded> {
  const one = await seed(keeping)
  await archiveAll(keeping)
  await reject(keeping.db, one)
  await inspectWith(keeping, noMedia)
  return one
}

/** A content whose only copy is in quarantine. */
async function onlyCopy(): Promise<Seeded> {
  const one = await seed(keeping, { isInspected: false })
  await inspectWith(keeping, noMedia)
  return one
}

const left = async (): Promise<string[]> => (await quarantined(keeping)).map(({ sha256 }) => sha256)
const shaOf = ({ content }: Seeded): string => content.sha256

test('above its limit, the oldest files are removed; those that the archive lacks are archived first', async () => {
  const only = await onlyCopy()
  const archived = [await archivedAndRejected(), await archivedAndRejected()]
  expect(await limitQuarantine(keeping, { maxBytes: 6000, maxAgeSeconds: YEAR })).toMatchObject({
    removed: 0,
  })
  expect(await limitQuarantine(keeping, { maxBytes: 4000, maxAgeSeconds: YEAR })).toMatchObject({
    ...{ removed: 1, freedBytes: 2000, keptBytes: 4000 },
  })
  expect(await left()).toEqual(archived.map(shaOf))
  const key = `quarantine/${shaOf(only).slice(0, 2)}/${shaOf(only)}.jpg`
  expect(await keeping.objects()).toContain(key)
  expect(await keeping.archive.verify(key, only.content, 'deep')).toBe('ok')
  expect(await limitQuarantine(keeping, { maxBytes: 0, maxAgeSeconds: YEAR })).toMatchObject({ removed: 2 })
  expect(await left()).toEqual([])
})

test('a file that moved to the archive is still listed, and returns when it is released', async () => {
  const only = await onlyCopy()
  await limitQuarantine(keeping, { maxBytes: 0, maxAgeSeconds: YEAR })
  expect(await quarantinedFiles(keeping.db, keeping.cache.id)).toMatchObject([
    { sha256: shaOf(only), isHere: false },
  ])
  const [mediaId = ''] = only.mediaIds
  expect(await unrejectContent(keeping.db, { mediaId })).toEqual([mediaId])
  expect(await mediaRow(keeping.db, mediaId)).toMatchObject({
    fate: 'fetched',
    archive_url: (await contentRow(keeping.db, shaOf(only)))!.archive_url,
  })
  expect(await contentRow(keeping.db, shaOf(only))).toMatchObject({ inspected_at: expect.any(Date) as Date })
  expect(await restoreMedia(keeping, [mediaId])).toMatchObject([{ archive: 'ok', cache: 'restored' }])
  expect(await readFile(join(keeping.cache.root, only.path))).toEqual(only.bytes)
  expect(await quarantinedFiles(keeping.db, keeping.cache.id)).toEqual([])
})

test('a file that is released while it is archived stays, and returns to the cache', async () => {
  const only = await onlyCopy()
  const archive: Archive = {
    ...keeping.archive,
    async put(source, signal) {
      await unrejectContent(keeping.db, { mediaId: only.mediaIds[0]! })
      return keeping.archive.put(source, signal)
    },
  }
  const limited = await limitQuarantine({ ...keeping, archive }, { maxBytes: 0, maxAgeSeconds: YEAR })
  expect(limited).toMatchObject({ removed: 0 })
  await inspectWith(keeping, noMedia)
  expect(await mediaRow(keeping.db, only.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
  expect(await readFile(join(keeping.cache.root, only.path))).toEqual(only.bytes)
})

test('with the archive away, an only copy stays and intake pauses', async () => {
  const only = await onlyCopy()
  await archivedAndRejected()
  const away = { ...keeping, archive: await openArchive({ kind: 's3', ...s3Away }) }
  await expect(limitQuarantine(away, { maxBytes: 0, maxAgeSeconds: YEAR })).rejects.toThrow(ArchiveError)
  expect(await left()).toContain(shaOf(only))
  await assertQuarantineHasRoom(keeping.db, keeping.cache, 4000)
  await expect(assertQuarantineHasRoom(keeping.db, keeping.cache, 2000)).rejects.toThrow(QuarantineFullError)
})

test('a row whose file is missing does not count to the limit, until its file is back', async () => {
  const [lost, only] = [await onlyCopy(), await onlyCopy()]
  const path = join(keeping.cache.root, 'quarantine', `${shaOf(lost)}.jpg`)
  await rm(path)
  await assertQuarantineHasRoom(keeping.db, keeping.cache, 2000)
  expect(await limitQuarantine(keeping, { maxBytes: 2000, maxAgeSeconds: YEAR })).toMatchObject({
    ...{ removed: 0, keptBytes: 2000 },
  })
  const listed = await quarantinedFiles(keeping.db, keeping.cache.id)
  expect(listed.map(({ sha256 }) => sha256)).toEqual([shaOf(lost), shaOf(only)])
  await writeFile(path, lost.bytes)
  await expect(assertQuarantineHasRoom(keeping.db, keeping.cache, 2000)).rejects.toThrow(QuarantineFullError)
})

test('an object that the archive has lost keeps its file in quarantine', async () => {
  const one = await archivedAndRejected()
  await keeping.archive.remove(one.key)
  expect(await limitQuarantine(keeping, { maxBytes: 0, maxAgeSeconds: 0 })).toMatchObject({ removed: 0 })
  expect(await left()).toEqual([shaOf(one)])
})

test('too old goes, where the archive holds it; damaged copies as well', async () => {
  const [only, archived] = [await onlyCopy(), await archivedAndRejected()]
  await rm(join(keeping.cache.root, 'quarantine', `${shaOf(only)}.jpg`))
  const folder = join(keeping.cache.root, 'quarantine')
  const damaged = (name: string): string => `20200101T000000Z-0badcafe-${name}.jpg`
  for (const { content } of [only, archived]) await writeFile(join(folder, damaged(content.name)), 'damaged')
  await keeping.db.query(`UPDATE mediakeep.quarantine SET quarantined_at = now() - interval '2 days'`)
  expect(await limitQuarantine(keeping, { maxBytes: 9999, maxAgeSeconds: 24 * 3600 })).toMatchObject({
    ...{ removed: 1, purged: 1 },
  })
  const files = await readdir(folder)
  expect(files).toContain(damaged(only.content.name))
  expect(files).not.toContain(damaged(archived.content.name))
  expect(files).not.toContain(`${shaOf(archived)}.jpg`)
})
