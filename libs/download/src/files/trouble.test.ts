import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { png } from '../origin.fixture.ts'
import { filesIn, forever, mediaRows, useCache, useDatabase } from '../world.fixture.ts'
import {
  albumMembers,
  fatesOf,
  importExport,
  useFileStage,
  useFolder,
  writeAlbum,
  type AlbumPost,
} from './exports.fixture.ts'

const database = useDatabase()
const fates = async (): Promise<string[]> => fatesOf(await mediaRows(database()))
const picture = (name: string) => ({ name: `${name}.png`, bytes: png(name) })

test('media of an export that is away or changed do not wait, and are stored when it is back', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const posts: AlbumPost[] = [{ id: '1', files: ['one.png', 'two.png'] }]
  const path = await writeAlbum(join(folder, 'a.zip'), posts, [picture('one'), picture('two')])
  await importExport(database(), path)
  await rename(path, `${path}.away`)
  await useFileStage(database(), cache).drain(forever())
  const missing = `failed: export_missing: ${path} is not there; put it back, or import the export again`
  expect(await fates()).toEqual([missing, missing])
  await writeAlbum(path, [{ id: 'another', files: [] }])
  await useFileStage(database(), cache).drain(forever())
  expect(await fates()).toEqual([missing, missing])
  // The same bytes count, whatever their time.
  await rename(`${path}.away`, path)
  await utimes(path, 1_600_000_000, 1_600_000_000)
  expect(await useFileStage(database(), cache).drain(forever())).toEqual({ done: 2, failed: 0 })
  expect(await fates()).toEqual(['fetched', 'fetched'])
})

test('an export that is written over while its media wait is not taken for the same', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const path = await writeAlbum(join(folder, 'a.zip'), [{ id: '1', files: ['one.png'] }], [picture('one')])
  await importExport(database(), path)
  const { size } = await stat(path)
  await writeAlbum(path, [{ id: '1', files: ['one.png'] }], [picture('two')])
  expect((await stat(path)).size).toBe(size)
  await useFileStage(database(), cache).drain(forever())
  expect(await fates()).toEqual([expect.stringMatching(/^failed: export_changed: .* it was written since/)])
  expect(await filesIn(cache)).toEqual([])
})

test('only the machine that has the export reads it; another that got its disk takes over', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const path = await writeAlbum(join(folder, 'a.zip'), [{ id: '1', files: ['one.png'] }], [picture('one')])
  await importExport(database(), path)
  const elsewhere = (): Promise<unknown> =>
    useFileStage(database(), cache, { machine: 'elsewhere' }).drain(forever())
  await elsewhere()
  expect(await fates()).toEqual(['waiting'])
  await database().query(`UPDATE mediakeep.exports SET seen_at = now() - interval '2 minutes'`)
  await elsewhere()
  expect(await fates()).toEqual(['fetched'])
})

test('media do not wait for a machine that stays away, and are stored when it is back', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const path = await writeAlbum(join(folder, 'a.zip'), [{ id: '1', files: ['one.png'] }], [picture('one')])
  await importExport(database(), path)
  await database().query(`UPDATE mediakeep.exports SET seen_at = now() - interval '2 days'`)
  await rename(path, `${path}.unmounted`)
  await useFileStage(database(), cache, { machine: 'elsewhere' }).drain(forever())
  expect(await fates()).toEqual([
    expect.stringMatching(/^failed: export_elsewhere: .* is on here, which was last seen/),
  ])
  await rename(`${path}.unmounted`, path)
  await useFileStage(database(), cache).drain(forever())
  expect(await fates()).toEqual(['fetched'])
})

test('a file of a folder that vanished is a failure of this file alone', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const root = join(folder, 'export')
  await mkdir(join(root, 'album'), { recursive: true })
  const posts: AlbumPost[] = [{ id: '1', files: ['one.png', 'two.png'] }]
  for (const { name, bytes } of albumMembers(posts, [picture('one'), picture('two')])) {
    await writeFile(join(root, String(name)), bytes!)
  }
  await importExport(database(), root)
  await rm(join(root, 'album/two.png'))
  await useFileStage(database(), cache).drain(forever())
  expect(await fates()).toEqual([expect.stringMatching(/^failed: file_missing: album\/two\.png/), 'fetched'])
})
