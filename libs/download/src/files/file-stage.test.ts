import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { buildZip } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { png } from '../origin.fixture.ts'
import { filesIn, forever, mediaRows, useCache, useDatabase, useOrigin, useStage } from '../world.fixture.ts'
import {
  fatesOf,
  importExport,
  MACHINE,
  useFileStage,
  useFolder,
  writeAlbum,
  type AlbumPost,
} from './exports.fixture.ts'

const database = useDatabase()
const X_ARCHIVE = join(import.meta.dirname, '../../../sources/src/x-archive/samples/folder')

const fates = async (): Promise<string[]> => fatesOf(await mediaRows(database()))
const picture = (name: string) => ({ name: `${name}.png`, bytes: png(name) })

test('media of a folder are stored from its files, each in the folder of its kind', async () => {
  const cache = await useCache()
  await importExport(database(), X_ARCHIVE)
  const before = await mediaRows(database())
  const report = await useFileStage(database(), cache).drain(forever())
  const rows = await mediaRows(database())
  const ofFiles = rows.filter(({ fate }) => fate === 'fetched')
  expect(before.every(({ fate }) => fate === 'waiting')).toBe(true)
  expect(ofFiles.map(({ local_file_path: path }) => path!.split('/')[0])).toEqual(
    expect.arrayContaining(['images', 'videos']),
  )
  expect(report).toEqual({ done: ofFiles.length, failed: 0 })
  expect(await filesIn(cache)).toEqual([...new Set(ofFiles.map((row) => row.local_file_path))].sort())
  // A row with a URL shows its host once the file is stored.
  const { rows: hosts } = await database().query(
    'SELECT DISTINCT source_host FROM post_media WHERE fate = $1',
    ['fetched'],
  )
  expect(hosts.map(({ source_host: host }) => host)).toEqual(['pbs.twimg.com', 'video.twimg.com'])
})

test('two rows with one file make one content; a second pass has nothing to do', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const posts: AlbumPost[] = [
    { id: '1', files: ['one.png', 'two.png'] },
    { id: '2', files: ['one.png'] },
  ]
  await importExport(
    database(),
    await writeAlbum(join(folder, 'album.zip'), posts, [picture('one'), picture('two')]),
  )
  const stage = useFileStage(database(), cache)
  expect(await stage.drain(forever())).toEqual({ done: 3, failed: 0 })
  expect(await fates()).toEqual(['fetched', 'fetched', 'fetched'])
  expect(await filesIn(cache)).toHaveLength(2)
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
  const { rows } = await database().query(
    'SELECT f.member_path, e.machine, e.path FROM mediakeep.media_files f JOIN mediakeep.exports e USING (export_id) ORDER BY 1',
  )
  expect(rows[2]).toEqual({ member_path: 'album/two.png', machine: MACHINE, path: join(folder, 'album.zip') })
})

test('a file that the export lacks is gone, until a fuller export has it', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const posts: AlbumPost[] = [{ id: '1', files: ['one.png', 'two.png'] }]
  await importExport(database(), await writeAlbum(join(folder, 'a.zip'), posts, [picture('one')]))
  const stage = useFileStage(database(), cache)
  await stage.drain(forever())
  expect(await fates()).toEqual(['fetched', 'gone: missing_in_export: two.png'])
  const fuller = await writeAlbum(join(folder, 'b.zip'), posts, [picture('one'), picture('two')])
  await importExport(database(), fuller)
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 0 })
  expect(await fates()).toEqual(['fetched', 'fetched'])
})

test('rows that an earlier version blocked are stored when the same export is imported again', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const path = await writeAlbum(join(folder, 'a.zip'), [{ id: '1', files: ['one.png'] }], [picture('one')])
  await importExport(database(), path)
  await database().query(`DELETE FROM mediakeep.media_files; `)
  await database().query(
    `UPDATE post_media SET fate = 'blocked', fate_reason = 'file_not_stored: media from files', source_host = ''`,
  )
  const stage = useFileStage(database(), cache)
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
  await importExport(database(), path)
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 0 })
  expect(await fates()).toEqual(['fetched'])
})

test('hostile and damaged files end with their reason, and the rest is stored', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const names = ['bomb', 'crc', 'encrypted', 'html', 'fine', 'large']
  const posts = names.map((name): AlbumPost => ({ id: name, files: [`${name}.png`] }))
  const path = await writeAlbum(join(folder, 'a.zip'), posts, [
    { name: 'bomb.png', bytes: Buffer.alloc(20 * 1024 * 1024) },
    { ...picture('crc'), crc: 1 },
    { ...picture('encrypted'), flags: 1 },
    { name: 'html.png', bytes: '<!doctype html><html><body>no picture</body></html>' },
    picture('fine'),
    { name: 'large.png', bytes: png('large', 5000), method: 0 },
  ])
  await importExport(database(), path)
  const stage = useFileStage(database(), cache, { maxBytes: 4000 })
  await stage.drain(forever())
  const { rows } = await database().query<{ urn: string; fate: string; reason: string | null }>(
    `SELECT urn, fate, fate_reason AS reason FROM post_media JOIN posts USING (post_id) ORDER BY urn`,
  )
  expect(Object.fromEntries(rows.map(({ urn, fate, reason }) => [urn, `${fate} ${reason}`]))).toEqual({
    'album:bomb': expect.stringMatching(/^rejected bomb: album\/bomb\.png/) as string,
    'album:crc': expect.stringMatching(/^failed wrong_checksum: album\/crc\.png/) as string,
    'album:encrypted': expect.stringMatching(/^failed encrypted: album\/encrypted\.png/) as string,
    'album:fine': 'fetched null',
    'album:html': expect.stringMatching(/^rejected html: /) as string,
    'album:large': expect.stringMatching(/^rejected too_large: /) as string,
  })
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 0 })
  // Somebody asks again, with another limit.
  await database().query(
    `UPDATE post_media SET fate = 'waiting', download_attempts = 0 WHERE fate_reason LIKE 'too_large%'`,
  )
  await useFileStage(database(), cache).drain(forever())
  const again = useFileStage(database(), cache)
  await again.drain(forever())
  expect((await fates()).filter((fate) => fate === 'fetched')).toHaveLength(2)
})

test('the file comes first; its URL is the second choice, and the file the second choice of a dead URL', async () => {
  const origin = await useOrigin((path) => (path === '/dead' ? { status: 404 } : { body: png(path) }))
  const [cache, folder] = [await useCache(), await useFolder()]
  const first: AlbumPost[] = [
    { id: '1', files: ['one.png'], urls: [origin.url('/one')] },
    { id: '2', files: ['bad.png'], urls: [origin.url('/two')] },
    { id: '3', urls: [origin.url('/dead')] },
  ]
  await importExport(
    database(),
    await writeAlbum(join(folder, 'a.zip'), first, [picture('one'), { ...picture('bad'), crc: 1 }]),
  )
  const files = useFileStage(database(), cache)
  const downloads = await useStage(database(), [origin], { cache })
  await downloads.drain(forever())
  expect(origin.asked).toEqual(['/dead'])
  await files.drain(forever())
  await downloads.drain(forever())
  expect(origin.asked).toEqual(['/dead', '/two'])
  expect(await fates()).toEqual(['fetched', 'fetched', expect.stringMatching(/^gone: http_404/)])
  const fuller: AlbumPost[] = [{ id: '3', files: ['three.png'], urls: [origin.url('/dead')] }]
  await importExport(database(), await writeAlbum(join(folder, 'b.zip'), fuller, [picture('three')]))
  await files.drain(forever())
  expect(await fates()).toEqual(['fetched', 'fetched', 'fetched'])
})

test('lost bytes are read from the export again', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  const path = await writeAlbum(join(folder, 'a.zip'), [{ id: '1', files: ['one.png'] }], [picture('one')])
  await importExport(database(), path)
  await useFileStage(database(), cache).drain(forever())
  for (const file of await filesIn(cache)) await rm(join(cache.root, file))
  await database().query(`UPDATE post_media SET fate = 'waiting', fate_reason = 'lost'`)
  const stage = useFileStage(database(), cache)
  await stage.drain(forever())
  await useFileStage(database(), cache).drain(forever())
  expect(await fates()).toEqual(['fetched'])
  expect(await filesIn(cache)).toHaveLength(1)
})

test('an X archive as a zip file is stored like its folder', async () => {
  const [cache, folder] = [await useCache(), await useFolder()]
  await importExport(database(), X_ARCHIVE)
  await useFileStage(database(), cache).drain(forever())
  const stored = await filesIn(cache)
  await database().query('TRUNCATE public.posts, public.post_media, mediakeep.exports CASCADE')
  const path = join(folder, 'x.zip')
  const names = (await readdir(X_ARCHIVE, { recursive: true })).filter((name) => extname(name) !== '')
  const members = names.map(async (name) => ({ name, bytes: await readFile(join(X_ARCHIVE, name)) }))
  await writeFile(path, buildZip(await Promise.all(members)))
  await importExport(database(), path)
  const another = await useCache()
  const report = await useFileStage(database(), another).drain(forever())
  expect(report).toEqual({ done: stored.length, failed: 0 })
  expect(await filesIn(another)).toEqual(stored)
})
