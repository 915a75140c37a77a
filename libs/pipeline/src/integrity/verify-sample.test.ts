import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { mediaRow, reject, seed, type Seeded } from '../seed.fixture.ts'
import { verifySample } from './verify-sample.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(() => keeping.empty())
afterAll(() => keeping.close())

async function flip({ path, bytes }: Seeded): Promise<void> {
  const copy = Buffer.from(bytes)
  copy[1000]! ^= 1
  await writeFile(join(keeping.cache.root, path), copy)
}

test('a flipped byte in the only copy is found though its upload was given up: it is fetched again', async () => {
  const [bad, good] = [await seed(keeping), await seed(keeping)]
  await keeping.db.query('UPDATE mediakeep.contents SET archive_not_before = NULL')
  await flip(bad)
  expect(await verifySample(keeping, { contents: 2, deep: 2 })).toMatchObject({ ok: 1, fetch: 1, failed: 0 })
  expect(await mediaRow(keeping.db, bad.mediaIds[0]!)).toMatchObject({
    ...{ fate: 'waiting', fate_reason: 'cache file corrupt', local_file_path: expect.any(String) as string },
  })
  expect(await keeping.cache.size(bad.path)).toBeUndefined()
  expect(await mediaRow(keeping.db, good.mediaIds[0]!)).toMatchObject({ fate: 'fetched' })
})

test('what was rejected, what another cache holds and what waits for its inspection is not looked at', async () => {
  const [judged, elsewhere] = [await seed(keeping), await seed(keeping)]
  await seed(keeping, { isInspected: false })
  await reject(keeping.db, judged)
  await keeping.db.query('UPDATE mediakeep.contents SET cache_id = gen_random_uuid() WHERE sha256_sum = $1', [
    elsewhere.content.sha256,
  ])
  expect(await verifySample(keeping, { contents: 9, deep: 9 })).toMatchObject({ ok: 0, fetch: 0, failed: 0 })
})
