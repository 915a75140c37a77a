import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

const FIRST = 1_700_000_000_000

let place: Installation
/** Serves one picture at every path. */
let host: string
const asked: string[] = []
const origin = createServer((request, response) => {
  asked.push(request.url!)
  void picture.then((bytes) => response.writeHead(200, { 'content-type': 'image/png' }).end(bytes))
})
const picture = readFile(join(import.meta.dirname, '../../../sample/media/slide.png'))

beforeAll(async () => {
  place = await install()
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(origin.address() as AddressInfo).port}`
})
afterAll(async () => {
  origin.close()
  await place.remove()
})

/** Imports posts by different authors, each with the picture under its own URL. */
async function importPosts(...numbers: number[]): Promise<void> {
  const posts = numbers.map((n) => ({
    urn: { activity_urn: String(BigInt(FIRST + n) << 22n), share_urn: null, ugcPost_urn: null },
    posted_at: { timestamp: FIRST + n },
    text: `post ${n}`,
    author: { username: `author-${n}` },
    media: { type: 'image', url: `http://${host}/${n}.png` },
  }))
  const path = join(place.home, `posts-${numbers[0]!}.json`)
  await writeFile(path, JSON.stringify(posts))
  expect(await place.run('import', '--no-fetch', path)).toMatchObject({ code: 0 })
}

interface Row {
  readonly url: string
  readonly fate: string
  readonly status: string
  readonly analysis: string | null
  readonly log: { event: string; status: string; timestamp: string; details?: { shared?: boolean } }[]
}

async function rows(): Promise<Row[]> {
  const found = await place.db.query<Row>(
    `SELECT media_url AS url, fate, ai_analysis_status AS status, ai_analysis AS analysis, ai_analysis_log AS log
     FROM post_media ORDER BY created_at, posted_at`,
  )
  return found.rows
}

const completed = async (): Promise<number> =>
  (await rows()).filter(({ fate, status }) => fate === 'fetched' && status === 'completed').length

async function analyses(): Promise<unknown> {
  const found = await place.db.query(
    `SELECT analyser, state, analysis_attempts AS attempts, finished_at FROM mediakeep.analyses ORDER BY analyser`,
  )
  return found.rows
}

const isShared = ({ log }: Row): boolean => log.at(-1)!.details?.shared === true

test('ten posts with one image: one analysis, ten rows completed; an eleventh later is completed without another', async () => {
  await importPosts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
  const env = { DOWNLOAD_ALLOW_HOSTS: host }
  const workers = [place.startWith(env, 'worker'), place.startWith(env, 'worker')]
  try {
    await expect.poll(completed, { timeout: 60_000, interval: 200 }).toBe(10)
    const done = await analyses()
    const once = { state: 'completed', attempts: 1 }
    expect(done).toMatchObject([
      { analyser: 'facts', ...once },
      { analyser: 'ocr', ...once },
    ])
    expect((await rows()).filter(isShared)).toHaveLength(9)

    await importPosts(11)
    await expect.poll(completed, { timeout: 60_000, interval: 200 }).toBe(11)
    // Nothing was analysed again, and nothing was added.
    expect(await analyses()).toEqual(done)
    expect(new Set(asked).size).toBe(11)
    const eleventh = (await rows()).find(({ url }) => url.endsWith('/11.png'))!
    expect(eleventh.log.map(({ event }) => event)).toEqual(['media_downloaded', 'ai_analysis_completed'])
    expect(isShared(eleventh)).toBe(true)
    // Together with its download, not later by a repair task.
    const [downloaded, taken] = eleventh.log.map(({ timestamp }) => Date.parse(timestamp))
    expect(taken! - downloaded!).toBeLessThan(2000)
    for (const { analysis } of await rows()) {
      expect(analysis).toBe(eleventh.analysis)
      expect(analysis).toMatch(/Graviton benchmark/)
    }
  } finally {
    for (const worker of workers) worker.kill()
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))))
  }
})
