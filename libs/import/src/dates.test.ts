import type { SourceFormat } from '@mediakeep/plugin-api'
import { createTestDatabase } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { createImportRun, readRejectedPosts, runImport } from './index.ts'
import { postsFile } from './posts.fixture.ts'

/** Returns its time as is, within the limits that apply to all formats. */
const clock: SourceFormat = {
  name: 'clock',
  platform: 'clock',
  wrapperKeys: [],
  recognises: (post) => 'at' in post,
  read: ({ at }) => ({
    urn: `clock:${Number(at)}`,
    postedAt: Number(at),
    media: [{ url: 'https://clock.example/1.jpg', role: 'content', mediaType: 'image', pointer: '/at' }],
  }),
}

const FIRST = Date.parse('1900-01-01T00:00:00.000Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

test('the first and the last time that a post may have are read back as they were; what is beyond is rejected', async () => {
  const database = await createTestDatabase()
  const times = [FIRST - 1, FIRST, -1, 0, LAST, LAST + 1, Date.parse('0000-01-01'), 8.64e15]
  const files = [await postsFile(times.map((at) => ({ at })))]
  const runId = await createImportRun(database, { files, machine: 'here' })
  await runImport(database, { runId, formats: [clock] })
  const rejected = await readRejectedPosts(database, runId)
  expect(rejected.map(({ index, code }) => [index, code])).toEqual(
    [0, 5, 6, 7].map((index) => [index, 'date_out_of_range']),
  )
  const { rows } = await database.query<{ ofPost: number; ofMedia: Date | null }>(
    `SELECT p.posted_at_timestamp AS "ofPost", m.posted_at AS "ofMedia"
     FROM posts p JOIN post_media m USING (post_id) ORDER BY 1`,
  )
  expect(rows).toEqual([FIRST, -1, 0, LAST].map((at) => ({ ofPost: at, ofMedia: new Date(at) })))
  await database.drop()
})
