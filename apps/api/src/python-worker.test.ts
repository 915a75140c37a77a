import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createToken } from '@mediakeep/access'
import { configureAnalysers, expireAnalyses, planAnalyses } from '@mediakeep/analysis'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ServedMedia } from './ports/actions.ts'
import { startTestApi, type TestApi } from './api.fixture.ts'

// Python is optional, except in CI, where these tests must not be skipped.
const hasPython = spawnSync('python3', ['--version']).status === 0 || process.env['CI'] === 'true'
const worker = fileURLToPath(new URL('../../../examples/python-worker/worker.py', import.meta.url))
const ours = fileURLToPath(new URL('analysis-worker.fixture.ts', import.meta.url))
const run = promisify(execFile)

const files = new Map<string, Buffer>()
let db: TestDatabase
let api: TestApi
let secret: string
/** Delay before the server opens a file, in milliseconds. */
let slowness = 0

beforeAll(async () => {
  db = await createTestDatabase()
  secret = (await createToken(db, { name: 'painter', scopes: ['analyze'], createdBy: 'a test' })).secret
  await configureAnalysers(db, [{ name: 'colours', version: '1', mediaTypes: ['image'] }])
  await db.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'urn:1', 0)`)
  api = await startTestApi(db, { openMedia: (id) => Promise.resolve(served(id)) })
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

function served(mediaId: string): ServedMedia | undefined {
  const bytes = files.get(mediaId)
  if (!bytes) return undefined
  return {
    sha256: sha256Of(bytes),
    byteSize: bytes.byteLength,
    mimeType: 'image/png',
    fileName: 'a.png',
    locate: () => Promise.reject(new Error('it is nowhere')),
    open: async (range) => {
      await sleep(slowness)
      return Readable.from([bytes.subarray(range?.start ?? 0, (range?.end ?? bytes.length) + 1)])
    },
  }
}

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const idOf = (name: string): string => `med-${sha256Of(Buffer.from(name)).slice(0, 32)}`

/** Adds a media item with `bytes` as its file; its row has `sha256`, by default that of the bytes. */
async function keep(name: string, bytes: Buffer, sha256 = sha256Of(bytes)): Promise<void> {
  files.set(idOf(name), bytes)
  await db.query(
    `WITH content AS (
       INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension, inspected_at)
       VALUES ($2, md5($2), md5($2), $3, 'image', 'image/png', 'png', now()))
     INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, fate, sha256_sum, ai_analysis_log)
     VALUES ($1, 'p-1', 'image', 'https://media.example/' || $1, $1, 'fetched', $2, '[]')`,
    [idOf(name), sha256, bytes.byteLength],
  )
}

interface Python {
  readonly process: ChildProcess
  /** Resolves to the exit code. */
  readonly ended: Promise<number | null>
}

async function startPython(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Python> {
  // Claims that find nothing look for new work only now and then, so plan it now.
  await planAnalyses(db)
  const env = { ...process.env, MEDIAKEEP_URL: api.url, MEDIAKEEP_TOKEN: secret, ...environment }
  const child = spawn('python3', ['-B', worker, ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  return { process: child, ended: once(child, 'exit').then(([code]) => code as number | null) }
}

async function analysisOf(name: string): Promise<Record<string, unknown>> {
  const { rows } = await db.query(
    `SELECT a.state, a.result, a.error, a.worker, a.analysis_attempts AS attempts, a.analysis_lease_token AS token
     FROM mediakeep.analyses a JOIN post_media m USING (sha256_sum) WHERE m.media_id = $1`,
    [idOf(name)],
  )
  return rows[0] ?? {}
}

const fill = (background: string) => ({ create: { width: 9, height: 7, channels: 3 as const, background } })

/** Returns an image whose pixels all differ, so that every PNG filter has work to do. */
function picture(channels: 1 | 3 | 4) {
  const [width, height] = [40, 30]
  const raw = Buffer.from(Array.from({ length: width * height * channels }, (_, n) => (n * n * 7 + n) % 256))
  return sharp(raw, { raw: { width, height, channels } })
}

async function averageOf(png: Uint8Array): Promise<string> {
  const { channels } = await sharp(png).removeAlpha().toColourspace('srgb').stats()
  const [red, green = red, blue = red] = channels.map(({ mean }) => Math.round(mean))
  return `#${[red, green, blue].map((value) => value!.toString(16).padStart(2, '0')).join('')}`
}

describe.runIf(hasPython)('the worker in Python', () => {
  afterEach(async () => {
    slowness = 0
    await db.query('DELETE FROM post_media')
    await db.query('DELETE FROM mediakeep.contents')
  })

  test('it shares a queue with two of ours, and everything is done once', async () => {
    // Python starts first; the other workers join while it works.
    slowness = 60
    for (let n = 0; n < 90; n++) {
      await keep(
        `shared${n}`,
        await sharp(fill(`#00${(n + 16).toString(16)}ff`))
          .png()
          .toBuffer(),
      )
    }
    const python = await startPython({ WORKER_NAME: 'python', WORKER_LIMIT: '4' }, '--until-idle')
    const counts = await Promise.all(
      ['one', 'two'].map(async (name) => Number((await run(process.execPath, [ours, db.url, name])).stdout)),
    )
    expect(await python.ended).toBe(0)
    const { rows } = await db.query<{ worker: string; done: number; attempts: number }>(
      `SELECT worker, count(*) AS done, max(analysis_attempts) AS attempts FROM mediakeep.analyses
       WHERE state = 'completed' GROUP BY worker ORDER BY worker`,
    )
    expect(rows.map(({ worker, attempts }) => [worker, attempts])).toEqual([['one', 1], ['python', 1], ['two', 1]]) // prettier-ignore
    expect(rows.reduce((sum, { done }) => sum + done, 0)).toBe(90)
    expect([rows[0]!.done, rows[2]!.done]).toEqual(counts)
    const logs = await db.query<{ events: string }>(
      `SELECT DISTINCT (SELECT string_agg(e ->> 'event', ' ') FROM jsonb_array_elements(ai_analysis_log) e) AS events
       FROM post_media WHERE ai_analysis_status = 'completed'`,
    )
    expect(logs.rows).toEqual([{ events: 'ai_analysis_started ai_analysis_completed' }])
  })

  test('it finds format, size, entropy and average colour', async () => {
    const pngs = {
      grey: await picture(1).toColourspace('b-w').png().toBuffer(),
      rgb: await picture(3).png({ adaptiveFiltering: true }).toBuffer(),
      rgba: await picture(4).png({ adaptiveFiltering: true }).toBuffer(),
      palette: await picture(3).png({ palette: true }).toBuffer(),
    }
    for (const [name, png] of Object.entries(pngs)) await keep(name, png)
    await keep('jpeg', await sharp(fill('#123456')).jpeg().toBuffer())
    expect(await (await startPython({}, '--until-idle')).ended).toBe(0)
    for (const [name, png] of Object.entries(pngs)) {
      const { result } = (await analysisOf(name)) as { result: Record<string, unknown> }
      expect(result).toMatchObject({ format: 'png', width: 40, height: 30 })
      if (name === 'rgba') expect(result['dominantColor']).toMatch(/^#[0-9a-f]{6}$/)
      else expect([name, result['dominantColor']]).toEqual([name, await averageOf(png)])
    }
    expect(await analysisOf('jpeg')).toMatchObject({ result: { format: 'jpeg', width: 9, height: 7 } })
  })

  test('bytes that are not those announced are tried again; a broken picture is not', async () => {
    const png = await picture(3).png().toBuffer()
    await keep('swapped', png, sha256Of(Buffer.from('something else')))
    await keep('broken', png.subarray(0, 60))
    expect(await (await startPython({}, '--until-idle')).ended).toBe(0)
    expect(await analysisOf('swapped')).toMatchObject({ state: 'pending', attempts: 1, token: null })
    expect((await analysisOf('swapped'))['error']).toContain('SHA-256')
    expect(await analysisOf('broken')).toMatchObject({ state: 'failed', attempts: 1 })
  })

  test('work longer than the lease is prolonged while it lasts', async () => {
    slowness = 2500
    await keep('slow', await picture(3).png().toBuffer())
    const python = await startPython({ WORKER_LEASE_SECONDS: '1' }, '--until-idle')
    const state = { isOver: false }
    void python.ended.then(() => (state.isOver = true))
    while (!state.isOver) {
      await expireAnalyses(db)
      await sleep(100)
    }
    expect(await python.ended).toBe(0)
    expect(await analysisOf('slow')).toMatchObject({ state: 'completed', attempts: 1, error: null })
  })

  test('told to end, it hands in what is done and gives back the rest', async () => {
    slowness = 300
    for (let n = 0; n < 8; n++)
      await keep(
        `left${n}`,
        await sharp(fill(`#0${n}aa00`))
          .png()
          .toBuffer(),
      )
    const python = await startPython({})
    await expect.poll(async () => (await analysisOf('left0'))['token'], { timeout: 60_000 }).toBeTruthy()
    await sleep(500)
    python.process.kill('SIGTERM')
    expect(await python.ended).toBe(0)
    const { rows } = await db.query<{ state: string; token: string | null; attempts: number }>(
      `SELECT state, analysis_lease_token AS token, analysis_attempts AS attempts FROM mediakeep.analyses`,
    )
    const back = rows.filter(({ state }) => state === 'pending')
    expect(rows.filter(({ state }) => state === 'completed').length).toBeGreaterThan(0)
    expect(back.length).toBeGreaterThan(0)
    for (const row of back) expect(row).toEqual({ state: 'pending', token: null, attempts: 0 })
  })

  test('a token that may not analyse, or none, ends it with a reason', async () => {
    expect(await (await startPython({ MEDIAKEEP_TOKEN: 'mk_wrong' }, '--until-idle')).ended).toBe(2)
  })
})
