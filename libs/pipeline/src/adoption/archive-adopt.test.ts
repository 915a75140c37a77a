import { readFile } from 'node:fs/promises'
import { digestBytes } from '@mediakeep/checksum'
import { NotMediaError } from '@mediakeep/content'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { archiveAdopt } from './archive-adopt.ts'
import { scriptedInspector } from '../inspect/inspector.fixture.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { archiveAll, contentRow, mediaRow, seed } from '../seed.fixture.ts'

const inspector = scriptedInspector(async (path) => {
  const bytes = await readFile(path, 'latin1')
  if (bytes.startsWith('<')) throw new NotMediaError('html', 'a page')
  return { mediaType: 'image', mimeType: 'image/png', extension: 'png', width: 7, height: 5 }
})

describe.each(['s3', 'file'] as const)('over an archive of kind %s', (kind) => {
  let keeping: Keeping

  beforeAll(async () => {
    keeping = await openKeeping(kind)
  })
  beforeEach(() => keeping.empty())
  afterAll(() => keeping.close())

  /** A row left by the older tool after its file was deleted: it has an object and an MD5. */
  async function addOld(
    key: string,
    bytes: string | undefined,
    md5 = digestBytes(Buffer.from(bytes ?? '')).md5,
  ): Promise<string> {
    const { mediaIds } = await seed(keeping)
    if (bytes !== undefined) await keeping.putPlain(key, Buffer.from(bytes))
    // Make the row look as if it was never fetched here.
    await keeping.db.query(`UPDATE public.post_media SET fate = 'waiting' WHERE media_id = $1`, [mediaIds[0]])
    await keeping.db.query(
      `UPDATE public.post_media SET sha256_sum = NULL, byte_size = NULL, local_file_path = NULL, fate = 'expired',
         md5_sum = $2, archive_url = $3 WHERE media_id = $1`,
      [mediaIds[0], md5, keeping.archive.urlOf(key)],
    )
    await keeping.db.query('TRUNCATE mediakeep.contents CASCADE')
    return mediaIds[0]!
  }

  test('a row that only the older archive has a file of becomes whole, and the object stays', async () => {
    const key = 'cache/2025/11/a.jpg'
    const id = await addOld(key, 'an old picture')
    expect(await archiveAdopt({ ...keeping, inspector }, { dryRun: true })).toMatchObject([
      { mediaIds: [id] },
    ])
    expect((await mediaRow(keeping.db, id)).fate).toBe('expired')
    expect(await archiveAdopt({ ...keeping, inspector })).toEqual([
      { archiveUrl: keeping.archive.urlOf(key), outcome: 'adopted', mediaIds: [id] },
    ])
    const { sha256, md5 } = digestBytes(Buffer.from('an old picture'))
    expect(await mediaRow(keeping.db, id)).toMatchObject({
      fate: 'fetched',
      sha256_sum: sha256,
      local_file_path: `images/${md5}.png`,
    })
    await archiveAll(keeping)
    expect((await contentRow(keeping.db, sha256))!.archive_url).toBe(keeping.archive.urlOf(key))
    expect(await keeping.objects()).toEqual([key])
    expect(await archiveAdopt({ ...keeping, inspector })).toEqual([])
  })

  test('what is missing, different or no media is told and left', async () => {
    await addOld('cache/2025/11/a.jpg', undefined)
    await addOld('cache/2025/11/b.jpg', 'other bytes', 'f'.repeat(32))
    await addOld('cache/2025/11/c.jpg', '<html>')
    await addOld('cache/2025/11/d.jpg', 'fine')
    const outcomes = await archiveAdopt({ ...keeping, inspector })
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['missing', 'different', 'not_media', 'adopted'])
    const fetched = await keeping.db.query(`SELECT FROM public.post_media WHERE fate = 'fetched'`)
    expect(fetched.rowCount).toBe(1)
  })

  test('an object outside the configured archive is reported, and its row is left', async () => {
    const id = await addOld('cache/2025/11/a.jpg', 'an old picture')
    await keeping.db.query(`UPDATE public.post_media SET archive_url = 's3://elsewhere/cache/2025/11/a.jpg'`)
    expect(await archiveAdopt({ ...keeping, inspector })).toEqual([
      {
        archiveUrl: 's3://elsewhere/cache/2025/11/a.jpg',
        outcome: 'failed',
        mediaIds: [],
        reason: expect.stringContaining('not in the configured archive') as string,
      },
    ])
    expect((await mediaRow(keeping.db, id)).fate).toBe('expired')
  })
})
