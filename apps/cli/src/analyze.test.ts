import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Installation } from './cli.fixture.ts'
import { installSample } from './sample.fixture.ts'

interface Analysed {
  readonly completed: number
  readonly failed: readonly string[]
  readonly waiting: readonly string[]
}

const moody = (answer: string): string => `export const analyser = {
  name: 'moody', version: '1', mediaTypes: ['document'], analyse: () => ${answer},
}`

let place: Installation
beforeAll(async () => {
  place = await installSample()
})
afterAll(() => place.remove())

async function mediaOf(file: string): Promise<string> {
  const { rows } = await place.db.query<{ id: string }>(
    `SELECT media_id AS id FROM post_media WHERE media_url LIKE '%/' || $1 || '%' ORDER BY media_id LIMIT 1`,
    [file],
  )
  return rows[0]!.id
}
async function statuses(): Promise<Record<string, number>> {
  const { rows } = await place.db.query<{ status: string; n: number }>(
    `SELECT ai_analysis_status AS status, count(*)::int AS n FROM post_media WHERE fate = 'fetched' GROUP BY 1`,
  )
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]))
}

test('--dry-run names what would be analysed, and analyses nothing', async () => {
  const { code, stdout } = await place.run('analyze', '--dry-run', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toHaveLength(40)
  expect(await statuses()).toEqual({ not_started: 40 })
})

test('a selection is analysed, and with it every row that shows the same content', async () => {
  const mediaId = await mediaOf('slide.png')
  const { code, stdout } = await place.run('analyze', '--media-id', mediaId, '--json')
  expect({ code, ...(JSON.parse(stdout) as Analysed) }).toEqual({
    code: 0,
    completed: 1,
    failed: [],
    waiting: [],
  })
  const { rows } = await place.db.query<{ analysis: string }>(
    `SELECT ai_analysis AS analysis FROM post_media WHERE media_id = $1`,
    [mediaId],
  )
  const { ocr, facts } = JSON.parse(rows[0]!.analysis) as Record<string, Record<string, unknown>>
  expect(ocr!.text).toMatch(/Graviton benchmark/)
  expect(facts!.perceptualHash).toMatch(/^[0-9a-f]{16}$/)
})

test('all that is left is analysed; again there is nothing to do', async () => {
  const { code, stdout } = await place.run('analyze', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ failed: [], waiting: [] })
  expect(await statuses()).toEqual({ completed: 40 })
  const again = await place.run('analyze')
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Analysed 0 media items; 0 failed/) as string,
  })
  expect(again.stdout).toContain('Every selected media item that can be analysed is analysed.')
  expect(again.stdout).toMatch(/To run an analyser again: mediakeep analyze --analyser \w+/)
})

test('an analyser added later runs on what is completed when it is asked for', async () => {
  const plugin = join(place.home, 'late.mjs')
  await writeFile(plugin, moody(`Promise.resolve({ result: { at: Date.now() } })`).replace('moody', 'late'))
  await writeFile(join(place.home, '.env'), `MEDIAKEEP_PLUGINS=${plugin}\n`)
  const results = async (): Promise<string[]> => {
    const { rows } = await place.db.query<{ at: string }>(
      `SELECT result ->> 'at' AS at FROM mediakeep.analyses WHERE analyser = 'late' ORDER BY sha256_sum`,
    )
    return rows.map(({ at }) => at)
  }
  const idle = await place.run('analyze')
  expect(idle.stdout).toMatch(/lack late@1 \(\d+ files?\): mediakeep analyze --missing/)
  expect(await results()).toEqual([])
  const named = JSON.parse(
    (await place.run('analyze', '--missing', '--dry-run', '--json')).stdout,
  ) as string[]
  expect(named.length).toBeGreaterThan(0)
  expect(await results()).toEqual([])
  const missing = await place.run('analyze', '--missing', '--json')
  expect(missing.code).toBe(0)
  expect(JSON.parse(missing.stdout)).toEqual({ completed: named.length, failed: [], waiting: [] })
  const first = await results()
  expect(first.length).toBeGreaterThan(0)
  expect((await place.run('analyze', '--missing')).stdout).toContain('No selected media item lacks')
  expect(await results()).toEqual(first)
  expect((await place.run('analyze', '--analyser', 'late')).code).toBe(0)
  const again = await results()
  expect(again).toHaveLength(first.length)
  expect(again.filter((at) => first.includes(at))).toEqual([])
  expect(await statuses()).toEqual({ completed: 40 })
  const wrong = await place.run('analyze', '--analyser', 'nobody')
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not a configured analyser') as string,
  })
  await place.db.query(`DELETE FROM mediakeep.analyses WHERE analyser = 'late'`)
  await writeFile(join(place.home, '.env'), '')
})

test('a language whose data is not installed is wrong use, and says what to install', async () => {
  const { code, stderr } = await place.runWith({ OCR_LANGUAGES: 'eng,tlh' }, 'analyze')
  expect(code).toBe(2)
  expect(stderr).toContain('npm install @tesseract.js-data/tlh')
})

test("a third party's analyser is one more to come; what it cannot do is named, and the exit code is 1", async () => {
  const plugin = join(place.home, 'moody.mjs')
  const error = `Object.assign(new Error('no documents today'), { code: 'moody', retryable: false })`
  await writeFile(plugin, moody(`Promise.reject(${error})`))
  await place.db.query(
    `UPDATE post_media SET ai_analysis_status = 'not_started' WHERE media_type = 'document'`,
  )
  await place.db.query(`DELETE FROM mediakeep.analyses WHERE media_type = 'document'`)
  await writeFile(join(place.home, '.env'), `MEDIAKEEP_PLUGINS=${plugin}\n`)
  const { code, stdout } = await place.run('analyze', '--json')
  expect(code).toBe(1)
  const { failed } = JSON.parse(stdout) as Analysed
  expect(failed.length).toBeGreaterThan(0)
  for (const line of failed) expect(line).toMatch(/^med-\w+: moody: moody: no documents today$/)
  // The failures belong to another analyser than the one requested.
  const failures = async (): Promise<unknown> =>
    (await place.db.query(`SELECT * FROM mediakeep.analyses WHERE analyser = 'moody' ORDER BY sha256_sum`))
      .rows
  const before = await failures()
  await place.run('analyze', '--analyser', 'facts')
  expect(await failures()).toEqual(before)
  // With a working plugin, the media are analysed again.
  await writeFile(plugin, moody(`Promise.resolve({ result: {} })`))
  expect(await place.run('analyze')).toMatchObject({ code: 0 })
  expect(await statuses()).toEqual({ completed: 40 })
})

test('wrong use is told apart: an analyser that is nowhere', async () => {
  await writeFile(join(place.home, '.env'), `ANALYSERS=facts,nobody\n`)
  const { code, stderr } = await place.run('analyze')
  expect(code).toBe(2)
  expect(stderr).toMatch(/ANALYSERS names nobody/)
})
