import { expect, test } from 'vitest'
import { png } from './origin.fixture.ts'
import { addMedia, forever, mediaRow, useDatabase, useOrigin, useStage } from './world.fixture.ts'

const database = useDatabase()

test('each fetched row is in the custody log with the digest of its bytes', async () => {
  const origin = await useOrigin((path) =>
    path === '/gone' ? { status: 404 } : { body: png(path === '/b' ? 'b' : 'a') },
  )
  await addMedia(database(), [
    { id: 'med-1', url: origin.url('/a') },
    { id: 'med-2', url: origin.url('/b') },
    { id: 'med-3', url: origin.url('/gone') },
  ])
  const stage = await useStage(database(), [origin])
  await stage.drain(forever())
  expect(await mediaRow(database(), 'med-3')).toMatchObject({ fate: 'gone' })
  const { rows } = await database().query<{ subject: string; sha256: string }>(
    `SELECT i ->> 'subject' AS subject, i ->> 'sha256' AS sha256
     FROM mediakeep.custody_inbox e CROSS JOIN jsonb_array_elements(e.items) i WHERE e.kind = 'fetched' ORDER BY 1`,
  )
  const digests = await Promise.all(['med-1', 'med-2'].map((id) => mediaRow(database(), id)))
  expect(rows).toEqual([
    { subject: 'media:med-1', sha256: digests[0]!.sha256_sum },
    { subject: 'media:med-2', sha256: digests[1]!.sha256_sum },
  ])
})
