import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimAnalyses, completeAnalyses, configureAnalysers } from '@mediakeep/analysis'
import { digestBytes } from '@mediakeep/checksum'
import { NotMediaError } from '@mediakeep/content'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { cacheAdopt, type AdoptedFile } from './cache-adopt.ts'
import { scriptedInspector } from '../inspect/inspector.fixture.ts'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { contentRow, mediaRow } from '../seed.fixture.ts'

let keeping: Keeping
let folder: string

beforeAll(async () => {
  keeping = await openKeeping('file')
})
beforeEach(async () => {
  await keeping.empty()
  for await (const file of keeping.cache.list()) await keeping.cache.remove(file.path)
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-old-cache-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
afterAll(() => keeping.close())

const inspector = scriptedInspector(async (path) => {
  const bytes = await readFile(path, 'latin1')
  if (bytes.startsWith('<')) throw new NotMediaError('html', 'a page')
  return { mediaType: 'image', mimeType: 'image/png', extension: 'png', width: 7, height: 5 }
})

function adopt(options: Parameters<typeof cacheAdopt>[2] = {}): Promise<AdoptedFile[]> {
  return cacheAdopt({ ...keeping, inspector }, folder, options)
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
const nameOf = (url: string): string => `${md5(url)}.jpg`

async function addRow(id: string, url: string, columns: Record<string, unknown> = {}): Promise<void> {
  await keeping.db.query(
    `INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u', 0) ON CONFLICT DO NOTHING`,
  )
  const row = { media_id: id, post_id: 'p-1', media_type: 'image', media_url: url, ...columns }
  await keeping.db.query(
    `INSERT INTO public.post_media (${Object.keys(row).join()})
     VALUES (${Object.keys(row)
       .map((_, n) => `$${String(n + 1)}`)
       .join()})`,
    Object.values(row),
  )
}

test("another tool's result on a row of a known content is kept when the content is analysed here", async () => {
  const { db } = keeping
  await configureAnalysers(db, [{ name: 'facts', version: '1', mediaTypes: ['image'] }])
  onTestFinished(async () => {
    await db.query('DELETE FROM mediakeep.analysers')
  })
  await addRow('med-1', 'https://cdn.test/a')
  await writeFile(join(folder, nameOf('https://cdn.test/a')), 'picture a')
  await adopt()
  const leases = await claimAnalyses(db, { limit: 1, leaseSeconds: 60, worker: 'w' })
  expect(leases).toHaveLength(1)
  const older = { ai_analysis_status: 'completed', ai_analysis: '{"description": "a harbour"}' }
  await addRow('med-2', 'https://cdn.test/b', older)
  await writeFile(join(folder, nameOf('https://cdn.test/b')), 'picture a')
  await adopt()
  await completeAnalyses(db, [{ ...leases[0]!, result: { n: 1 } }])
  const { rows } = await db.query<{ analysis: string }>(
    'SELECT ai_analysis AS analysis FROM public.post_media ORDER BY media_id',
  )
  for (const { analysis } of rows)
    expect(JSON.parse(analysis)).toMatchObject({ facts: { n: 1 }, older: { text: older.ai_analysis } })
  expect(rows).toHaveLength(2)
})

test('a file named by its URL is moved to where its content belongs, and its rows are fetched', async () => {
  const url = 'https://cdn.test/a?e=1'
  await addRow('med-1', url)
  await addRow('med-2', url)
  await addRow('med-3', 'https://cdn.test/other')
  await writeFile(join(folder, nameOf(url)), 'picture a')
  expect(await adopt()).toEqual([
    {
      file: nameOf(url),
      outcome: 'adopted',
      mediaIds: expect.arrayContaining(['med-1', 'med-2']) as unknown,
    },
  ])
  const { sha256 } = digestBytes(Buffer.from('picture a'))
  const path = `images/${md5('picture a')}.png`
  for (const id of ['med-1', 'med-2']) {
    expect(await mediaRow(keeping.db, id)).toMatchObject({
      fate: 'fetched',
      local_file_path: path,
      md5_sum: md5('picture a'),
      sha256_sum: sha256,
      byte_size: 9,
      file_size: 9,
      mime_type: 'image/png',
      width: 7,
      ai_analysis_log: [{ event: 'media_downloaded', status: 'not_started' }],
    })
  }
  expect((await mediaRow(keeping.db, 'med-3')).fate).toBe('waiting')
  const content = (await contentRow(keeping.db, sha256))!
  expect(content.cache_id).toBe(keeping.cache.id)
  expect(content.archive_not_before).not.toBeNull()
  expect(await keeping.cache.size(path)).toBe(9)
  expect(await readdir(folder)).toEqual([])
})

test('two URLs of one content make one file', async () => {
  for (const url of ['https://cdn.test/a', 'https://cdn.test/b']) {
    await addRow(`med-${url.slice(-1)}`, url)
    await writeFile(join(folder, nameOf(url)), 'same picture')
  }
  expect((await adopt()).map((file) => file.outcome)).toEqual(['adopted', 'adopted'])
  const contents = await keeping.db.query('SELECT FROM mediakeep.contents')
  expect(contents.rowCount).toBe(1)
  expect(await readdir(folder)).toEqual([])
})

test('a dry run tells the same and changes nothing', async () => {
  const url = 'https://cdn.test/dry'
  await addRow('med-1', url)
  await writeFile(join(folder, nameOf(url)), 'picture dry')
  expect(await adopt({ dryRun: true })).toEqual([
    { file: nameOf(url), outcome: 'adopted', mediaIds: ['med-1'] },
  ])
  expect(await readdir(folder)).toEqual([nameOf(url)])
  expect((await mediaRow(keeping.db, 'med-1')).fate).toBe('waiting')
  expect((await keeping.db.query('SELECT FROM mediakeep.contents')).rowCount).toBe(0)
})

test('what no row speaks of, what is no media, and what its row knows otherwise stays where it is', async () => {
  const [page, other] = ['https://cdn.test/page', 'https://cdn.test/other']
  await addRow('med-1', page)
  await addRow('med-2', other, { md5_sum: md5('the right bytes') })
  await writeFile(join(folder, nameOf(page)), '<html>')
  await writeFile(join(folder, nameOf(other)), 'wrong bytes')
  await writeFile(join(folder, nameOf('https://cdn.test/nobody')), 'unknown')
  await writeFile(join(folder, 'notes.txt'), 'by hand')
  const outcomes = new Map((await adopt()).map((file) => [file.file, file.outcome]))
  expect(outcomes.get(nameOf(page))).toBe('not_media')
  expect(outcomes.get(nameOf(other))).toBe('different')
  expect(outcomes.get(nameOf('https://cdn.test/nobody'))).toBe('unmatched')
  expect(outcomes.get('notes.txt')).toBe('unmatched')
  expect(await readdir(folder)).toHaveLength(4)
  expect((await mediaRow(keeping.db, 'med-2')).fate).toBe('waiting')
})

test('a row that was merged speaks for its survivor; a local path and a known MD5 speak too', async () => {
  await addRow('med-1', 'https://cdn.test/fresh-1')
  await addRow('med-2', 'https://cdn.test/fresh-2', { local_file_path: `cache/images/${nameOf('gone')}` })
  await addRow('med-3', 'https://cdn.test/fresh-3', { md5_sum: md5('by content') })
  await keeping.db.query(
    `INSERT INTO mediakeep.merged_media VALUES ('med-0', 'med-1', '{"media_url": "https://cdn.test/old"}')`,
  )
  await writeFile(join(folder, nameOf('https://cdn.test/old')), 'one')
  await writeFile(join(folder, nameOf('gone')), 'two')
  await writeFile(join(folder, `${md5('by content')}.jpg`), 'by content')
  expect((await adopt()).flatMap((file) => file.mediaIds).sort()).toEqual(['med-1', 'med-2', 'med-3'])
})

test('a file that lies in the cache under its content’s name is registered where it is', async () => {
  const name = `${md5('in place')}.png`
  await addRow('med-1', 'https://cdn.test/in-place', { local_file_path: `images/${name}` })
  await mkdir(join(keeping.cache.root, 'images'), { recursive: true })
  await writeFile(join(keeping.cache.root, 'images', name), 'in place')
  const files = await cacheAdopt({ ...keeping, inspector }, keeping.cache.root)
  expect(files).toEqual([{ file: `images/${name}`, outcome: 'adopted', mediaIds: ['med-1'] }])
  expect(await keeping.cache.size(`images/${name}`)).toBe(8)
  expect((await mediaRow(keeping.db, 'med-1')).fate).toBe('fetched')
})

test('a copy that cannot be stored leaves the old file', async () => {
  const url = 'https://cdn.test/full'
  await addRow('med-1', url)
  await writeFile(join(folder, nameOf(url)), 'picture')
  const cache = { ...keeping.cache, put: () => Promise.reject(new Error('ENOSPC')) }
  const files = await cacheAdopt({ ...keeping, cache, inspector }, folder)
  expect(files).toMatchObject([{ outcome: 'failed', reason: 'Error: ENOSPC' }])
  expect(await readdir(folder)).toEqual([nameOf(url)])
  expect((await mediaRow(keeping.db, 'med-1')).fate).toBe('waiting')
})
