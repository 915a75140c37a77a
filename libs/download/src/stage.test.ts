import { createHash } from 'node:crypto'
import { claimAnalyses, completeAnalyses, configureAnalysers } from '@mediakeep/analysis'
import { expect, test } from 'vitest'
import { png } from './origin.fixture.ts'
import {
  addMedia,
  filesIn,
  forever,
  mediaRow,
  mediaRows,
  useCache,
  useDatabase,
  useOrigin,
  useStage,
} from './world.fixture.ts'

const database = useDatabase()
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

test('a reference becomes a file, a content and a row that tells all of it', async () => {
  const origin = await useOrigin(() => ({ body: png('one'), headers: { 'content-type': 'image/jpeg' } }))
  const cache = await useCache()
  const set = { media_type: 'video', ai_analysis_status: 'pending', ai_analysis_log: null, file_size: 1 }
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/a'), set }])
  const stage = await useStage(database(), [origin], { cache })
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 0 })
  const bytes = png('one')
  const path = `images/${md5(bytes)}.png`
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate: 'fetched',
    fate_reason: null,
    media_type: 'image',
    mime_type: 'image/png',
    claimed_mime_type: 'image/jpeg',
    length_verified: true,
    width: null,
    height: null,
    file_size: bytes.length,
    byte_size: bytes.length,
    md5_sum: md5(bytes),
    local_file_path: path,
    download_lease_token: null,
    ai_analysis_log: [
      {
        event: 'media_downloaded',
        status: 'not_started',
        details: { file_size: bytes.length, mime_type: 'image/png', md5_sum: md5(bytes) },
      },
    ],
  })
  const contents = await database().query('SELECT * FROM mediakeep.contents')
  expect(contents.rows).toMatchObject([
    {
      name: md5(bytes),
      cache_id: cache.id,
      inspected_at: null,
      inspect_not_before: expect.any(Date) as Date,
      archive_not_before: null,
    },
  ])
  const events = await database().query('SELECT kind, changes FROM mediakeep.events')
  const change = { mediaId: 'med-1', postId: 'p-med-1', what: 'fate', from: 'waiting', to: 'fetched' }
  expect(events.rows).toEqual([{ kind: 'media', changes: [change] }])
  expect(
    await cache.verify(path, {
      md5: md5(bytes),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      byteSize: bytes.length,
    }),
  ).toBe('ok')
  expect((await database().query('SELECT FROM mediakeep.download_slots')).rowCount).toBe(0)
})

test('one image under 50 URLs: 50 rows fetched, one file, one content', async () => {
  const origin = await useOrigin(() => ({ body: png('same') }))
  const cache = await useCache()
  await addMedia(
    database(),
    Array.from({ length: 50 }, (_, n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  const stage = await useStage(database(), [origin], { cache })
  expect(await stage.drain(forever())).toEqual({ done: 50, failed: 0 })
  const rows = await mediaRows(database())
  expect(new Set(rows.map((row) => `${row.fate} ${row.local_file_path}`))).toEqual(
    new Set([`fetched images/${md5(png('same'))}.png`]),
  )
  expect(await filesIn(cache)).toEqual([`images/${md5(png('same'))}.png`])
  expect((await database().query('SELECT FROM mediakeep.contents')).rowCount).toBe(1)
})

test('a later arrival of an inspected content takes its facts, and has it archived', async () => {
  const origin = await useOrigin(() => ({ body: png('same') }))
  const stage = await useStage(database(), [origin])
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  await stage.drain(forever())
  await database().query('UPDATE mediakeep.contents SET inspected_at = now(), width = 8, height = 9')
  await addMedia(database(), [{ id: 'med-2', url: origin.url('/2') }])
  await stage.drain(forever())
  expect(await mediaRow(database(), 'med-2')).toMatchObject({ fate: 'fetched', width: 8, height: 9 })
  const contents = await database().query('SELECT archive_not_before FROM mediakeep.contents')
  expect(contents.rows).toEqual([{ archive_not_before: expect.any(Date) as Date }])
})

test('a later arrival of an analysed content takes the result with its download', async () => {
  const origin = await useOrigin(() => ({ body: png('one') }))
  const stage = await useStage(database(), [origin], { cache: await useCache() })
  await configureAnalysers(database(), [{ name: 'facts', version: '1', mediaTypes: ['image'] }])
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/a') }])
  await stage.drain(forever())
  await database().query('UPDATE mediakeep.contents SET inspected_at = now()')
  const leases = await claimAnalyses(database(), { limit: 1, leaseSeconds: 60, worker: 'w' })
  await completeAnalyses(
    database(),
    leases.map((lease) => ({ ...lease, result: { n: 1 } })),
  )
  await addMedia(database(), [{ id: 'med-2', url: origin.url('/b') }])
  await stage.drain(forever())
  const { ai_analysis: analysis } = await mediaRow(database(), 'med-1')
  expect(analysis).toContain('"n": 1')
  expect(await mediaRow(database(), 'med-2')).toMatchObject({
    ai_analysis_status: 'completed',
    ai_analysis: analysis,
    ai_analysis_log: [
      { event: 'media_downloaded' },
      { event: 'ai_analysis_completed', details: { shared: true } },
    ],
  })
})

test('a later arrival of a rejected content is rejected; a file of it that is there all the same is to be removed', async () => {
  const origin = await useOrigin(() => ({ body: png('same') }))
  const cache = await useCache()
  const stage = await useStage(database(), [origin], { cache })
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  await stage.drain(forever())
  const { local_file_path: path } = await mediaRow(database(), 'med-1')
  await database().query(
    `UPDATE mediakeep.contents SET rejected_at = now(), rejected_reason = 'undecodable', cache_id = NULL`,
  )
  const cacheIds = async (): Promise<unknown[]> =>
    (await database().query('SELECT cache_id FROM mediakeep.contents')).rows.map((row) => row['cache_id'])
  await addMedia(database(), [{ id: 'med-2', url: origin.url('/2') }])
  expect(await stage.drain(forever())).toEqual({ done: 0, failed: 1 })
  expect(await mediaRow(database(), 'med-2')).toMatchObject({ fate: 'rejected', fate_reason: 'undecodable' })
  expect(await cacheIds()).toEqual([null])
  // The state after a process died with the file in place.
  const set = { local_file_path: path, sha256_sum: (await mediaRow(database(), 'med-1')).sha256_sum }
  await addMedia(database(), [{ id: 'med-3', url: origin.url('/3'), set }])
  await stage.drain(forever())
  expect(await mediaRow(database(), 'med-3')).toMatchObject({ fate: 'rejected' })
  expect(await cacheIds()).toEqual([cache.id])
})

test('the earliest expiry goes first, over hosts too; what should have expired comes last and is tried once', async () => {
  const asked: string[] = []
  const reply = (path: string): { body: Buffer } => ({ body: (asked.push(path), png(path)) })
  const origins = await Promise.all([useOrigin(reply), useOrigin(reply)])
  const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000)
  const media = [-5, 20, 90, undefined, 10].flatMap((minutes, n) =>
    origins.map((origin, o) => ({
      id: `med-${o}${n}`,
      url: origin.url(`/${minutes ?? 'none'}${o ? 'b' : 'a'}`),
      set: { url_expires_at: minutes === undefined ? null : inMinutes(minutes + o * 5) },
    })),
  )
  await addMedia(database(), media)
  const stage = await useStage(database(), origins, { concurrencyPerHost: 1, maxLanes: 1 })
  expect(await stage.drain(forever())).toEqual({ done: 10, failed: 0 })
  expect(asked.slice(0, 6)).toEqual(['/10a', '/10b', '/20a', '/20b', '/90a', '/90b'])
  expect(
    asked
      .slice(6)
      .map((path) => path.slice(0, -1))
      .sort(),
  ).toEqual(['/-5', '/-5', '/none', '/none'])
  for (const host of ['a', 'b'])
    expect(asked.indexOf(`/none${host}`)).toBeLessThan(asked.indexOf(`/-5${host}`))
})

test('what cannot be fetched takes its fate with a reason, and leaves no file', async () => {
  const origin = await useOrigin((path) => {
    if (path === '/gone') return { status: 404 }
    if (path === '/html') return { body: '<html>Sign in</html>' }
    if (path === '/broken') return { status: 500 }
    return { body: png('fine') }
  })
  const cache = await useCache()
  const names = ['fine', 'gone', 'html', 'broken']
  await addMedia(database(), [
    ...names.map((name) => ({ id: `med-${name}`, url: origin.url(`/${name}`) })),
    { id: 'med-private', url: 'http://127.0.0.1:81/x' },
  ])
  const stage = await useStage(database(), [origin], { cache })
  expect(await stage.drain(forever())).toEqual({ done: 1, failed: 4 })
  const fates = Object.fromEntries((await mediaRows(database())).map((row) => [row.media_id, row]))
  expect(fates['med-gone']).toMatchObject({
    fate: 'gone',
    fate_reason: expect.stringMatching(/^http_404: /) as string,
    download_not_before: null,
  })
  expect(fates['med-html']).toMatchObject({
    fate: 'rejected',
    fate_reason: expect.stringMatching(/^\w+: /) as string,
    sha256_sum: null,
  })
  expect(fates['med-private']).toMatchObject({ fate: 'blocked' })
  expect(fates['med-broken']).toMatchObject({
    fate: 'failed',
    download_attempts: 1,
    download_not_before: expect.any(Date) as Date,
  })
  expect(await filesIn(cache)).toEqual([`images/${md5(png('fine'))}.png`])
  expect((await database().query('SELECT FROM mediakeep.contents')).rowCount).toBe(1)
})

test('a file of unannounced length is kept, and the row says so', async () => {
  const origin = await useOrigin(() => ({ body: png('cut?'), isEndless: true }))
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/a') }])
  const stage = await useStage(database(), [origin])
  await stage.drain(forever())
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate: 'fetched',
    fate_reason: 'length unverified',
    length_verified: false,
  })
})
