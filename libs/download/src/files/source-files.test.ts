import { join } from 'node:path'
import { sourceFiles } from '@mediakeep/media'
import { expect, test } from 'vitest'
import { png } from '../origin.fixture.ts'
import { forever, useCache, useDatabase } from '../world.fixture.ts'
import { importExport, useFileStage, useFolder, writeAlbum } from './exports.fixture.ts'

const database = useDatabase()
const picture = (name: string) => ({ name: `${name}.png`, bytes: png(name) })

test('the file whose bytes a row has is known, also when a later export holds the media, too', async () => {
  const folder = await useFolder()
  const stage = useFileStage(database(), await useCache())
  const posts = [{ id: '1', files: ['one.png', 'lost.png'] }]
  await importExport(database(), await writeAlbum(join(folder, 'first.zip'), posts, [picture('one')]))
  const waiting = await sourceFiles(database(), await idsOf())
  expect([...waiting.values()]).toMatchObject([{ member: 'album/one.png', readAt: null, problem: null }])
  await stage.drain(forever())
  await importExport(
    database(),
    await writeAlbum(join(folder, 'second.zip'), posts, [picture('one'), picture('lost')]),
  )
  await stage.drain(forever())
  const read = [...(await sourceFiles(database(), await idsOf())).values()].map(
    ({ member, container, readAt }) => [member, container, readAt !== null],
  )
  expect(read.sort()).toEqual([
    ['album/lost.png', 'second.zip', true],
    ['album/one.png', 'first.zip', true],
  ])
})

const idsOf = async (): Promise<string[]> =>
  (await database().query<{ id: string }>('SELECT media_id AS id FROM post_media')).rows.map(({ id }) => id)
