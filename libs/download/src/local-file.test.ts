import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileCache } from '@mediakeep/cache'
import { expect, test } from 'vitest'
import { png } from './origin.fixture.ts'
import {
  addMedia,
  filesIn,
  forever,
  mediaRow,
  useCache,
  useDatabase,
  useOrigin,
  useStage,
} from './world.fixture.ts'

const database = useDatabase()
const md5 = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex')

async function place(cache: FileCache, path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(cache.root, path)), { recursive: true })
  await writeFile(join(cache.root, path), bytes)
}

test('rows of the older tool are completed from their files, without a request; the files get their names', async () => {
  const origin = await useOrigin(() => ({ status: 404 }))
  const cache = await useCache()
  const bytes = png('old')
  const [urlName, contentName] = [`images/${md5('the url')}.png`, `images/${md5(bytes)}.png`]
  await place(cache, urlName, bytes)
  await place(cache, `images/${md5(png('new'))}.png`, png('new'))
  await addMedia(database(), [
    { id: 'med-1', url: origin.url('/1'), set: { local_file_path: urlName } },
    { id: 'med-2', url: origin.url('/2'), set: { local_file_path: urlName } },
    {
      id: 'med-3',
      url: origin.url('/3'),
      set: { local_file_path: `images/${md5(png('new'))}.png`, md5_sum: md5(png('new')) },
    },
  ])
  const stage = await useStage(database(), [origin], { cache })
  expect(await stage.drain(forever())).toEqual({ done: 3, failed: 0 })
  expect(origin.asked).toEqual([])
  for (const id of ['med-1', 'med-2']) {
    expect(await mediaRow(database(), id)).toMatchObject({
      local_file_path: contentName,
      md5_sum: md5(bytes),
      width: 8,
    })
  }
  expect(await filesIn(cache)).toEqual([contentName, `images/${md5(png('new'))}.png`].sort())
})

test('a file that another row still names is not removed when it is moved', async () => {
  const origin = await useOrigin(() => ({ status: 404 }))
  const cache = await useCache()
  const path = `images/${md5('the url')}.png`
  await place(cache, path, png('shared'))
  await addMedia(database(), [
    { id: 'med-1', url: origin.url('/1'), set: { local_file_path: path } },
    { id: 'med-2', url: origin.url('/2'), set: { local_file_path: path, fate: 'gone' } },
  ])
  await (await useStage(database(), [origin], { cache })).drain(forever())
  expect(await filesIn(cache)).toEqual([path, `images/${md5(png('shared'))}.png`].sort())
})

test.each([
  ['is not there', undefined],
  ['is not what the row says', png('other')],
  ['is no media', '<html>'],
])('a row whose file %s is fetched', async (_, bytes) => {
  const origin = await useOrigin(() => ({ body: png('right') }))
  const cache = await useCache()
  const path = `images/${md5(png('right'))}.png`
  const known = bytes === '<html>' ? null : md5(png('right'))
  if (bytes) await place(cache, `images/${md5('url')}.png`, bytes)
  await addMedia(database(), [
    {
      id: 'med-1',
      url: origin.url('/1'),
      set: { local_file_path: `images/${md5('url')}.png`, md5_sum: known },
    },
  ])
  expect(await (await useStage(database(), [origin], { cache })).drain(forever())).toEqual({
    done: 1,
    failed: 0,
  })
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'fetched', local_file_path: path })
})

test.each(['/etc/hostname', '../outside.png', 'images/../../outside.png', '', 'a'])(
  'a path that is none of the cache (%j) is never read',
  async (path) => {
    const origin = await useOrigin(() => ({ body: png('right') }))
    await addMedia(database(), [{ id: 'med-1', url: origin.url('/1'), set: { local_file_path: path } }])
    expect(await (await useStage(database(), [origin])).drain(forever())).toEqual({ done: 1, failed: 0 })
    expect(origin.asked).toEqual(['/1'])
  },
)

test('a corrupt file of a known content is put aside and fetched again', async () => {
  const origin = await useOrigin(() => ({ body: png('right') }))
  const cache = await useCache()
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  const stage = await useStage(database(), [origin], { cache })
  await stage.drain(forever())
  const { local_file_path: path } = await mediaRow(database(), 'med-1')
  await place(cache, path!, png('wrong'))
  await database().query(`UPDATE public.post_media SET fate = 'waiting'`)
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 0 })
  expect(origin.asked).toHaveLength(2)
  const { sha256_sum: sha256, md5_sum: sum, byte_size: byteSize } = await mediaRow(database(), 'med-1')
  expect(await cache.verify(path!, { sha256: sha256!, md5: sum!, byteSize: byteSize! })).toBe('ok')
})
