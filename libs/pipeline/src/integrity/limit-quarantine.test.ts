import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inspectWith, noMedia } from '../inspect/inspector.fixture.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { assertQuarantineHasRoom, limitQuarantine, QuarantineFullError } from './limit-quarantine.ts'
import { archiveAll, quarantined, reject, seed, type Seeded } from '../seed.fixture.ts'

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

test('too much: the oldest go that the archive holds; an only copy never, and intake is told to pause', async () => {
  const only = await onlyCopy()
  const archived = [await archivedAndRejected(), await archivedAndRejected()]
  expect(await limitQuarantine(keeping, { maxBytes: 6000, maxAgeSeconds: YEAR })).toMatchObject({
    removed: 0,
  })
  expect(await limitQuarantine(keeping, { maxBytes: 4000, maxAgeSeconds: YEAR })).toMatchObject({
    ...{ removed: 1, freedBytes: 2000, keptBytes: 4000 },
  })
  expect(await left()).toEqual([shaOf(only), shaOf(archived[1]!)])
  await assertQuarantineHasRoom(keeping.db, keeping.cache.id, 4000)
  expect(await limitQuarantine(keeping, { maxBytes: 0, maxAgeSeconds: YEAR })).toMatchObject({ removed: 1 })
  expect(await left()).toEqual([shaOf(only)])
  await expect(assertQuarantineHasRoom(keeping.db, keeping.cache.id, 0)).rejects.toThrow(QuarantineFullError)
})

test('an object that the archive has lost keeps its file in quarantine', async () => {
  const one = await archivedAndRejected()
  await keeping.archive.remove(one.key)
  expect(await limitQuarantine(keeping, { maxBytes: 0, maxAgeSeconds: 0 })).toMatchObject({ removed: 0 })
  expect(await left()).toEqual([shaOf(one)])
})

test('too old goes, where the archive holds it; damaged copies as well', async () => {
  const [only, archived] = [await onlyCopy(), await archivedAndRejected()]
  const folder = join(keeping.cache.root, 'quarantine')
  const damaged = (name: string): string => `20200101T000000Z-0badcafe-${name}.jpg`
  for (const { content } of [only, archived]) await writeFile(join(folder, damaged(content.name)), 'damaged')
  await keeping.db.query(`UPDATE mediakeep.quarantine SET quarantined_at = now() - interval '2 days'`)
  expect(await limitQuarantine(keeping, { maxBytes: 9999, maxAgeSeconds: 24 * 3600 })).toMatchObject({
    ...{ removed: 1, purged: 1 },
  })
  expect(await left()).toEqual([shaOf(only)])
  const files = await readdir(folder)
  expect(files).toContain(damaged(only.content.name))
  expect(files).not.toContain(damaged(archived.content.name))
  expect(files).not.toContain(`${shaOf(archived)}.jpg`)
})
