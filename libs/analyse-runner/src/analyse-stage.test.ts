import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { digestBytes } from '@mediakeep/checksum'
import type { Stage, StageReport } from '@mediakeep/lease'
import { hugePng } from '@mediakeep/testing'
import { loadPlugins, type AnalyserPlugin } from '@mediakeep/plugin-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JPEG, MOODY, openLibrary, PNG, type Library } from './library.fixture.ts'

const { signal } = new AbortController()
const sample = (name: string): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '../../../sample/media', name))

async function ours(...names: string[]): Promise<AnalyserPlugin[]> {
  const { resolve } = createRequire(import.meta.url)
  const modules = names.map((name) => pathToFileURL(resolve(`@mediakeep/analyser-${name}`)).href)
  return [...(await loadPlugins(modules)).analysers]
}

/** Drains like a worker until `total` are processed: a pass leaves analyses planned meanwhile to the next one. */
async function drained(stage: Stage, total: number): Promise<StageReport> {
  const sum = { done: 0, failed: 0 }
  for (let tries = 0; sum.done + sum.failed < total && tries < 100; tries++) {
    const { done, failed } = await stage.drain(signal)
    sum.done += done
    sum.failed += failed
    if (done + failed === 0) await sleep(100)
  }
  return sum
}

let library: Library
beforeEach(async () => {
  library = await openLibrary()
})
afterEach(() => library.remove())

test('facts and ocr: the text of a slide is found offline, and stands on its row', async () => {
  const slide = await library.add('med-1', await sample('slide.png'), PNG)
  const pdf = { mediaType: 'document', mimeType: 'application/pdf', extension: 'pdf' } as const
  await library.add('med-2', await sample('report.pdf'), pdf)
  const mp4 = { mediaType: 'video', mimeType: 'video/mp4', extension: 'mp4' } as const
  await library.add('med-3', await sample('clip.mp4'), mp4)
  const stage = await library.stage(await ours('facts', 'ocr'))
  expect(await drained(stage, 6 + 0)).toEqual({ done: 6, failed: 0 })
  expect((await library.analysis(slide, 'ocr'))!.result!.text).toMatch(/Graviton benchmark/)
  const rows = await library.db.query<{ status: string; analysis: string }>(
    `SELECT ai_analysis_status AS status, ai_analysis AS analysis FROM post_media ORDER BY media_id`,
  )
  expect(rows.rows.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed'])
  const [first, second, third] = rows.rows.map(({ analysis }) => JSON.parse(analysis) as Found)
  expect(first!.ocr.text).toMatch(/Graviton benchmark/)
  expect(second!.facts).toMatchObject({ pageCount: 3 })
  expect(second!.ocr.text).toMatch(/Tidal meadows/)
  expect(third!.facts).toMatchObject({ durationSeconds: 3, width: 640 })
})

test('provenance: a picture without credentials says so, in a child process', async () => {
  const slide = await library.add('med-1', await sample('slide.png'), PNG)
  const stage = await library.stage(await ours('provenance'))
  expect(await drained(stage, 1 + 0)).toEqual({ done: 1, failed: 0 })
  expect((await library.analysis(slide, 'provenance'))!.result).toMatchObject({ hasCredentials: false })
})

interface Found {
  readonly facts: object
  readonly ocr: { readonly text: string }
}

test('a corrupt image and one of 30,000 x 30,000 pixels each fail their own row with a reason, the others go on', async () => {
  const corrupt = await library.add('med-1', (await sample('ridge.jpg')).subarray(0, 200), JPEG)
  const huge = await library.add('med-2', hugePng(30_000, 30_000), PNG)
  const nonsense = await library.add('med-3', 'nothing of the kind', PNG)
  const good = await library.add('med-4', await sample('slide.png'), PNG)
  const stage = await library.stage(await ours('facts', 'ocr'))
  expect(await drained(stage, 2 + 6)).toEqual({ done: 2, failed: 6 })
  for (const analyser of ['facts', 'ocr']) {
    expect(await library.analysis(corrupt, analyser)).toMatchObject({ state: 'failed', attempts: 1 })
    expect((await library.analysis(corrupt, analyser))!.error).toMatch(/^undecodable: /)
    expect((await library.analysis(huge, analyser))!.error).toMatch(/^pixel_bomb: 30000 x 30000/)
    expect((await library.analysis(nonsense, analyser))!.error).toMatch(/^undecodable: /)
    expect(await library.analysis(good, analyser)).toMatchObject({ state: 'completed', error: null })
  }
})

test.each([
  ['hang', /^timeout: /, 2000],
  ['wait', /^timeout: /, 2000],
  ['allocate', /^memory: /, 60_000],
  ['crash', /^crashed: .*SIGABRT/, 60_000],
])(
  'a decoder that does `%s` fails its own row after a second try; the others go on',
  async (mood, reason, timeoutMs) => {
    const bad = await library.add('med-0', mood, PNG)
    const good = await Promise.all([1, 2, 3, 4].map((n) => library.add(`med-${n}`, `calm ${n}`, PNG)))
    const source = MOODY.replace('timeoutMs: 60000', `timeoutMs: ${timeoutMs}`)
    const stage = await library.stage([await library.plugin('moody.mjs', source)])
    expect(await drained(stage, 4 + 1)).toEqual({ done: 4, failed: 1 })
    expect(await library.analysis(bad, 'moody')).toMatchObject({
      state: 'pending',
      attempts: 1,
      isLeased: false,
    })
    await library.makeDue()
    expect(await drained(stage, 0 + 1)).toEqual({ done: 0, failed: 1 })
    const failed = await library.analysis(bad, 'moody')
    expect(failed).toMatchObject({ state: 'failed', attempts: 2, isLeased: false })
    expect(failed!.error).toMatch(reason)
    for (const sha256 of good)
      expect(await library.analysis(sha256, 'moody')).toMatchObject({ state: 'completed' })
  },
)

test("a third party's analyser runs from its folder, and sees of the environment what it names", async () => {
  const calm = await library.add('med-1', 'calm', PNG)
  const environment = { MOOD: 'good', DATABASE_URL: 'postgresql://secret' }
  const stage = await library.stage([await library.plugin('moody.mjs', MOODY)], { environment })
  expect(await drained(stage, 1 + 0)).toEqual({ done: 1, failed: 0 })
  expect((await library.analysis(calm, 'moody'))!.result).toEqual({
    text: 'calm',
    mood: 'good',
    seesSecrets: false,
  })
})

test('what an analyser throws or returns amiss fails the row with the reason', async () => {
  const thrown = await library.add('med-1', 'throw', PNG)
  const refused = await library.add('med-2', 'refuse', PNG)
  const garbage = await library.add('med-3', 'garbage', PNG)
  const stage = await library.stage([await library.plugin('moody.mjs', MOODY)])
  expect(await drained(stage, 0 + 3)).toEqual({ done: 0, failed: 3 })
  expect(await library.analysis(thrown, 'moody')).toMatchObject({
    state: 'pending',
    error: 'Error: no mood for that',
  })
  expect(await library.analysis(refused, 'moody')).toMatchObject({
    state: 'failed',
    error: 'refused: not this one',
  })
  expect((await library.analysis(garbage, 'moody'))!.error).toMatch(/^invalid_result: /)
})

test('an error names no path of this machine, whoever says it', async () => {
  const gossip = await library.add('med-1', 'gossip', PNG)
  const shout = await library.add('med-2', 'shout', PNG)
  const nonsense = await library.add('med-3', 'nothing of the kind', PNG)
  const stage = await library.stage([await library.plugin('moody.mjs', MOODY), ...(await ours('facts'))])
  await drained(stage, 0 + 5)
  const errors = [
    (await library.analysis(gossip, 'moody'))!.error,
    (await library.analysis(shout, 'moody'))!.error,
    (await library.analysis(nonsense, 'facts'))!.error,
  ]
  expect(errors[0]).toMatch(/^Error: cannot read images\/[0-9a-f]{32}\.png from …\/moody\.mjs$/)
  expect(errors[1]).toMatch(/^crashed: /)
  expect(errors[2]).toMatch(/^undecodable: /)
  const { rows } = await library.db.query<{ log: string }>(
    'SELECT ai_analysis_log::text AS log FROM post_media',
  )
  for (const text of [...errors, ...rows.map(({ log }) => log), ...library.said])
    expect(text).not.toContain(library.folder)
})

test('what an analyser says that it used is taken as far as it can be true', async () => {
  await library.add('med-1', 'boast', PNG)
  const stage = await library.stage([await library.plugin('moody.mjs', MOODY)])
  expect(await drained(stage, 1 + 0)).toEqual({ done: 1, failed: 0 })
  const used = await library.db.query(`SELECT model, tokens_used::int, cost_usd FROM mediakeep.analyses`)
  expect(used.rows).toEqual([{ model: null, tokens_used: 2, cost_usd: null }])
})

test('bytes that left the cache come back from the archive; those that are nowhere wait, untried', async () => {
  const slide = await sample('slide.png')
  const kept = await library.add('med-1', slide, PNG)
  const lost = await library.add('med-2', await sample('chart.webp'), {
    ...PNG,
    mimeType: 'image/webp',
    extension: 'webp',
  })
  const { archive, cache, db } = library
  const key = 'media/aa/slide.png'
  const open = () => Promise.resolve(Readable.from([slide]))
  await archive.put({ key, digests: digestBytes(slide), mimeType: 'image/png', open })
  await db.query(`UPDATE mediakeep.contents SET archive_url = $2 WHERE sha256_sum = $1`, [
    kept,
    archive.urlOf(key),
  ])
  const { rows } = await db.query<{ path: string }>(`SELECT local_file_path AS path FROM post_media`)
  for (const row of rows) await cache.remove(row.path)
  const stage = await library.stage(await ours('facts'))
  expect(await drained(stage, 1)).toEqual({ done: 1, failed: 0 })
  expect(await stage.drain(signal)).toEqual({ done: 0, failed: 0 })
  expect(await library.analysis(kept, 'facts')).toMatchObject({ state: 'completed' })
  expect(await library.analysis(lost, 'facts')).toMatchObject({ state: 'pending', attempts: 0 })
})

test('a machine without the bytes claims nothing: another has them', async () => {
  const sha256 = await library.add('med-1', await sample('slide.png'), PNG)
  await library.db.query('UPDATE mediakeep.contents SET cache_id = gen_random_uuid()')
  const stage = await library.stage(await ours('facts'))
  for (let pass = 0; pass < 3; pass++) expect(await stage.drain(signal)).toEqual({ done: 0, failed: 0 })
  expect(await library.analysis(sha256, 'facts')).toMatchObject({ state: 'pending', attempts: 0 })
})

test('an abort gives back what is under way and what waits, untried', async () => {
  for (let n = 0; n < 6; n++) await library.add(`med-${n}`, `wait ${n}`, PNG)
  const stage = await library.stage([await library.plugin('moody.mjs', MOODY)])
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('SIGTERM')), 500)
  expect(await stage.drain(stop.signal)).toEqual({ done: 0, failed: 0 })
  const rows = await library.db.query(
    `SELECT state, analysis_attempts, analysis_lease_token FROM mediakeep.analyses GROUP BY 1, 2, 3`,
  )
  expect(rows.rows).toEqual([{ state: 'pending', analysis_attempts: 0, analysis_lease_token: null }])
})

test('a lease that was lost while the work went on is not handed in', async () => {
  const sha256 = await library.add('med-1', 'wait', PNG)
  const stage = await library.stage([await library.plugin('moody.mjs', MOODY)], { leaseSeconds: 1 })
  const draining = stage.drain(signal)
  await sleep(400)
  await library.db.query(`UPDATE mediakeep.analyses SET analysis_lease_token = gen_random_uuid()`)
  // Well before its own timeout.
  expect(await Promise.race([draining, sleep(5000, 'it works on')])).toEqual({ done: 0, failed: 0 })
  expect(await library.analysis(sha256, 'moody')).toMatchObject({ state: 'pending', isLeased: true })
})
