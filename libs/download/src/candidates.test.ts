import { requeueDownloads } from '@mediakeep/media'
import { expect, test } from 'vitest'
import { png, type Origin, type Reply } from './origin.fixture.ts'
import { addMedia, forever, mediaRow, useDatabase, useOrigin, useStage } from './world.fixture.ts'

const database = useDatabase()

async function addWithCandidates(origin: Origin, paths: readonly string[]): Promise<void> {
  await addMedia(database(), [{ id: 'med-1', url: origin.url(paths[0]!) }])
  await database().query(
    `INSERT INTO mediakeep.media_candidates (media_id, position, url, host)
     SELECT 'med-1', n - 1, url, $2 FROM unnest($1::text[]) WITH ORDINALITY u (url, n)`,
    [paths.map((path) => origin.url(path)), origin.host],
  )
}

async function drained(origin: Origin): Promise<void> {
  const stage = await useStage(database(), [origin])
  for (let pass = 0; pass < 6; pass++) await stage.drain(forever())
}

const ends = async (): Promise<unknown[]> =>
  (
    await database().query(
      `SELECT ended_at IS NOT NULL AS ended, end_reason AS reason FROM mediakeep.media_candidates ORDER BY position`,
    )
  ).rows

const PLAYLIST: Reply = { body: '#EXTM3U\n#EXTINF:10,\na.ts\n', headers: { 'content-type': 'video/mp4' } }
const HTML: Reply = { body: '<!doctype html><html><body>Sign in</body></html>' }

test('the next rendition is tried when the one before has failed for good', async () => {
  const replies: Record<string, Reply> = {
    '/gone': { status: 404 },
    '/playlist': PLAYLIST,
    '/html': HTML,
    '/small': { body: png('small') },
    '/never': { body: png('never') },
  }
  const origin = await useOrigin((path) => replies[path]!)
  await addWithCandidates(origin, Object.keys(replies))
  await drained(origin)
  expect(origin.asked).toEqual(['/gone', '/playlist', '/html', '/small'])
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate: 'fetched',
    media_url: origin.url('/gone'),
    fetch_url: origin.url('/small'),
  })
  expect(await ends()).toMatchObject([
    { ended: true, reason: expect.stringMatching(/404/) as string },
    {
      ended: true,
      reason: expect.stringMatching(/^playlist: this is an HLS playlist, not a video; /) as string,
    },
    { ended: true, reason: expect.stringMatching(/^html/) as string },
    { ended: false },
    { ended: false },
  ])
})

test('a rendition that may come back is waited for', async () => {
  const origin = await useOrigin((path) => (path === '/busy' ? { status: 500 } : { body: png('one') }))
  await addWithCandidates(origin, ['/busy', '/other'])
  await drained(origin)
  expect(new Set(origin.asked)).toEqual(new Set(['/busy']))
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'failed', fetch_url: null })
})

test('when all renditions have failed, a request tries them again from the first', async () => {
  const origin = await useOrigin(() => ({ status: 410 }))
  await addWithCandidates(origin, ['/one', '/two'])
  await drained(origin)
  expect(origin.asked).toEqual(['/one', '/two'])
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'gone', fetch_url: null })
  await requeueDownloads(database(), { mediaIds: ['med-1'] })
  await drained(origin)
  expect(origin.asked).toEqual(['/one', '/two', '/one', '/two'])
})

test('a server that calls unknown bytes a playlist is believed', async () => {
  const origin = await useOrigin(() => ({
    body: 'not recognised',
    headers: { 'content-type': 'Application/DASH+xml; charset=utf-8' },
  }))
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/a') }])
  await drained(origin)
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate: 'rejected',
    fate_reason: expect.stringMatching(/^playlist: this is a DASH playlist, not a video; /) as string,
  })
})
