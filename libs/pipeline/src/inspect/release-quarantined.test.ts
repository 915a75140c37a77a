import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StageReport } from '@mediakeep/lease'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inspectWith, noMedia, type Answer } from './inspector.fixture.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { quarantinedFiles } from '../overview/quarantine.ts'
import { archiveAll, contentRow, mediaRow, quarantined, seed, unreject } from '../seed.fixture.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(() => keeping.empty())
afterAll(() => keeping.close())

const inspectAll = (answer: Answer): Promise<StageReport> => inspectWith(keeping, answer)

test('what a person releases returns with its bytes, and the same verdict does not reject it again', async () => {
  const one = await seed(keeping, { rows: 2, isInspected: false })
  await inspectAll(noMedia)
  expect(await quarantinedFiles(keeping.db, keeping.cache.id)).toMatchObject([
    { sha256: one.content.sha256, mediaIds: one.mediaIds, mediaCount: 2, isContent: true, byteSize: 2000 },
  ])
  expect(await quarantinedFiles(keeping.db, keeping.cache.id, { mediaId: 'med-none' })).toEqual([])
  await unreject(keeping.db, one)
  expect(await inspectAll(noMedia)).toEqual({ done: 1, failed: 0 })
  for (const id of one.mediaIds) {
    expect(await mediaRow(keeping.db, id)).toMatchObject({ fate: 'fetched', local_file_path: one.path })
  }
  expect(await keeping.cache.size(one.path)).toBe(2000)
  expect(await quarantined(keeping)).toEqual([])
  expect(await contentRow(keeping.db, one.content.sha256)).toMatchObject({
    cache_id: keeping.cache.id,
    inspected_at: expect.any(Date) as Date,
    inspect_error: 'undecodable: it has no pixels',
    rejected_reason: null,
  })
  await archiveAll(keeping)
  expect(await keeping.objects()).toEqual([one.key])
})

test('what was released and is not in quarantine any more is fetched again', async () => {
  const one = await seed(keeping, { isInspected: false })
  await inspectAll(noMedia)
  await rm(join(keeping.cache.root, 'quarantine'), { recursive: true })
  await unreject(keeping.db, one)
  await inspectAll(noMedia)
  expect(await mediaRow(keeping.db, one.mediaIds[0]!)).toMatchObject({ fate: 'waiting' })
  expect(await quarantined(keeping)).toEqual([])
})
