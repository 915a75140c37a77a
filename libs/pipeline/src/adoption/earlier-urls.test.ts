import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMediaUrl } from '@mediakeep/media-url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { scriptedInspector } from '../inspect/inspector.fixture.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { mediaRow } from '../seed.fixture.ts'
import { cacheAdopt, type AdoptedFile } from './cache-adopt.ts'

const urlOf = (picture: string, expiresAt: number): string =>
  `https://media.licdn.com/dms/image/${picture}.jpg?e=${expiresAt}&v=beta&t=${expiresAt}`
const FRESH = 2_000_000_000
const OLD = 1_700_000_000

let keeping: Keeping
let folder: string
beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(async () => {
  await keeping.empty()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-old-cache-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(() => keeping.close())

const inspector = scriptedInspector(() =>
  Promise.resolve({ mediaType: 'image', mimeType: 'image/png', extension: 'png', width: 7, height: 5 }),
)
const adopt = (): Promise<AdoptedFile[]> => cacheAdopt({ ...keeping, inspector }, folder)
const addFile = (url: string): Promise<void> =>
  writeFile(join(folder, `${hash('md5', url)}.jpg`), `bytes of ${url}`)

/** A post imported again: its row has the fresh URL, its JSON has the first import's URL. */
async function addPost(id: string, picture: string, rawJson: string | null): Promise<void> {
  await keeping.db.query(
    'INSERT INTO public.posts (post_id, urn, posted_at_timestamp, raw_json) VALUES ($1, $1, 0, $2)',
    [id, rawJson],
  )
  const url = urlOf(picture, FRESH)
  await keeping.db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key) VALUES ($1, $2, 'image', $3, $4)`,
    [`med-${id}`, id, url, readMediaUrl(url).sourceKey],
  )
}

test.each([
  ['as it was stored', urlOf('a', OLD), urlOf('a', OLD)],
  [
    'with HTML entities, named by them',
    urlOf('a', OLD).replaceAll('&', '&amp;'),
    urlOf('a', OLD).replaceAll('&', '&amp;'),
  ],
  ['with HTML entities, named without', urlOf('a', OLD).replaceAll('&', '&amp;'), urlOf('a', OLD)],
])('a file named by an earlier URL of its post is adopted: %s', async (_, stored, named) => {
  await addPost('p-1', 'a', JSON.stringify({ media: [{ images: [{ url: stored }] }] }).replaceAll('/', '\\/'))
  await addPost('p-2', 'b', JSON.stringify({ media: [] }))
  await addFile(named)
  expect(await adopt()).toMatchObject([{ outcome: 'adopted', mediaIds: ['med-p-1'] }])
  expect(await mediaRow(keeping.db, 'med-p-1')).toMatchObject({ fate: 'fetched' })
})

test('an earlier URL in the JSON of an older snapshot is found', async () => {
  await addPost('p-1', 'a', '{}')
  await keeping.db.query(
    `INSERT INTO public.data_downloads (download_id, post_id, downloaded_at, raw_json) VALUES ('dl-1', 'p-1', now(), $1)`,
    [JSON.stringify({ image: urlOf('a', OLD) })],
  )
  await addFile(urlOf('a', OLD))
  expect(await adopt()).toMatchObject([{ outcome: 'adopted', mediaIds: ['med-p-1'] }])
})

test('a file named by a URL that the row had with entities before it was reconciled is adopted', async () => {
  await addPost('p-1', 'a', null)
  await addFile(urlOf('a', FRESH).replaceAll('&', '&amp;'))
  expect(await adopt()).toMatchObject([{ outcome: 'adopted', mediaIds: ['med-p-1'] }])
})

test('a URL is looked for in every post, and means a row of that post alone', async () => {
  const json = JSON.stringify({ image: urlOf('a', OLD) })
  await addPost('p-1', 'a', json)
  await addPost('p-2', 'a', json)
  await addPost('p-3', 'other', json)
  await addFile(urlOf('a', OLD))
  const [file] = await adopt()
  expect(file!.mediaIds.toSorted()).toEqual(['med-p-1', 'med-p-2'])
})

test('JSON that is broken, deep or large keeps no other post from its match', async () => {
  await addPost('p-1', 'a', '{"broken')
  await addPost('p-2', 'b', `${'['.repeat(20_000)}${']'.repeat(20_000)}`)
  await addPost('p-3', 'c', JSON.stringify({ text: 'x'.repeat(9 * 1024 * 1024) }))
  await addPost('p-4', 'd', JSON.stringify({ image: urlOf('d', OLD), other: 'https://', no: '//' }))
  await addFile(urlOf('d', OLD))
  expect(await adopt()).toMatchObject([{ outcome: 'adopted', mediaIds: ['med-p-4'] }])
})
