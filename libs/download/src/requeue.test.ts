import { expect, test } from 'vitest'
import { rejectContent, requeueDownloads, retryInspections } from '@mediakeep/media'
import { png } from './origin.fixture.ts'
import { addMedia, forever, mediaRow, useCache, useDatabase, useOrigin, useStage } from './world.fixture.ts'

const database = useDatabase()
const FATES = ['waiting', 'fetched', 'expired', 'gone', 'blocked', 'rejected', 'failed']

async function addOneOfEach(): Promise<void> {
  await addMedia(
    database(),
    FATES.map((fate, n) => ({
      id: `med-${fate}`,
      url: `http://a.test/${fate}`,
      set: { fate, fate_reason: 'why', download_attempts: 8, posted_at: new Date(Date.UTC(2025, n)) },
    })),
  )
}

test('what has ended without a file waits again, its attempts counted anew', async () => {
  await addOneOfEach()
  const expected = ['blocked', 'expired', 'failed', 'gone', 'rejected'].map((fate) => `med-${fate}`)
  expect((await requeueDownloads(database(), {})).sort()).toEqual(expected)
  expect(await mediaRow(database(), 'med-gone')).toMatchObject({
    fate: 'waiting',
    fate_reason: null,
    download_attempts: 0,
  })
  expect(await requeueDownloads(database(), {})).toEqual([])
})

test('a selection chooses by id, post, time, fate and number', async () => {
  await addOneOfEach()
  expect(await requeueDownloads(database(), { mediaIds: ['med-gone', 'med-fetched'] })).toEqual(['med-gone'])
  expect(await requeueDownloads(database(), { postIds: ['p-med-expired'] })).toEqual(['med-expired'])
  expect(await requeueDownloads(database(), { since: new Date(Date.UTC(2025, 6)) })).toEqual(['med-failed'])
  expect(await requeueDownloads(database(), { fates: ['blocked'] })).toEqual(['med-blocked'])
  expect(await requeueDownloads(database(), { mediaIds: [] })).toEqual([])
  expect(await requeueDownloads(database(), { force: true, limit: 1 })).toEqual(['med-fetched'])
})

test('a fetched row that is forced: its file serves if it is there; else the source; an archived row stays fetched', async () => {
  let isGone = false
  const origin = await useOrigin(() => (isGone ? { status: 404 } : { body: png('one') }))
  const cache = await useCache()
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  const stage = await useStage(database(), [origin], { cache })
  const again = async (): Promise<void> => {
    expect(await requeueDownloads(database(), { mediaIds: ['med-1'], force: true })).toEqual(['med-1'])
    await stage.drain(forever())
    expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'fetched' })
  }
  await stage.drain(forever())
  await again()
  expect(origin.asked).toHaveLength(1)
  const { local_file_path: path } = await mediaRow(database(), 'med-1')
  await cache.remove(path!)
  await again()
  expect(origin.asked).toHaveLength(2)
  await database().query(`UPDATE public.post_media SET archive_url = 's3://bucket/key'`)
  await cache.remove(path!)
  isGone = true
  await again()
  expect(await mediaRow(database(), 'med-1')).toMatchObject({
    fate_reason: expect.stringContaining('404') as string,
  })
})

test('the rows of a rejected content stay rejected', async () => {
  const origin = await useOrigin(() => ({ body: png('expired') }))
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  await (await useStage(database(), [origin])).drain(forever())
  await rejectContent(database(), { mediaId: 'med-1', reason: 'placeholder' })
  expect(await requeueDownloads(database(), { force: true })).toEqual([])
})

test('a log that is full stays so, however often its file is fetched', async () => {
  const origin = await useOrigin(() => ({ body: png('one') }))
  await addMedia(database(), [{ id: 'med-1', url: origin.url('/1') }])
  const stage = await useStage(database(), [origin], { cache: await useCache() })
  await database().query(
    `UPDATE post_media SET ai_analysis_log = (SELECT jsonb_agg(jsonb_build_object('timestamp', now(), 'event', 'e' || n))
     FROM generate_series(1, 100) n)`,
  )
  await stage.drain(forever())
  const { ai_analysis_log: log } = await mediaRow(database(), 'med-1')
  const events = (log as { event: string }[]).map(({ event }) => event)
  expect(events.length).toBeLessThanOrEqual(100)
  expect([events.at(0), events.at(-1)]).toEqual(['e1', 'media_downloaded'])
})

test('an inspection that was given up without a verdict is taken up again for whoever asks', async () => {
  const origin = await useOrigin(() => ({ body: png('odd') }))
  await addMedia(
    database(),
    [1, 2].map((n) => ({ id: `med-${n}`, url: origin.url(`/${n}`) })),
  )
  await (await useStage(database(), [origin])).drain(forever())
  expect(await retryInspections(database(), ['med-1'])).toEqual([])
  await database().query(
    `UPDATE mediakeep.contents SET inspect_parked_at = now(), inspect_parked_version = '1', inspect_attempts = 3,
       inspect_deaths = 5, inspect_not_before = NULL`,
  )
  expect((await retryInspections(database(), ['med-1', 'med-2', 'med-3'])).sort()).toEqual(['med-1', 'med-2'])
  const { rows } = await database().query(
    `SELECT inspect_parked_at AS parked, inspect_attempts + inspect_deaths AS counted, inspect_not_before <= now() AS due
     FROM mediakeep.contents`,
  )
  expect(rows).toEqual([{ parked: null, counted: 0, due: true }])
})
