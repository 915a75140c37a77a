import { createVisionAnalyser, type VisionOptions } from '@mediakeep/analyser-vision'
import type { AnalyserPlugin, DailyBudget } from '@mediakeep/plugin-api'
import { MODEL_ANSWER, startModelServer, type ModelServer } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import sharp from 'sharp'
import { openLibrary, PNG, type Library } from './library.fixture.ts'

const { signal } = new AbortController()
let library: Library
let server: ModelServer
beforeEach(async () => {
  ;[library, server] = await Promise.all([openLibrary(), startModelServer()])
})
afterEach(async () => {
  await library.remove()
  await server.close()
})

function vision(options: Partial<VisionOptions> = {}): AnalyserPlugin {
  const base = { provider: 'openai-compatible', baseUrl: server.url, model: 'eyes-1' } as const
  // One at a time, so that the tests can count.
  const analyser = { ...createVisionAnalyser({ ...base, ...options }), concurrency: 1 }
  return { module: 'vision', analyser }
}
async function addPictures(count: number): Promise<string[]> {
  const all: string[] = []
  for (let n = 0; n < count; n++) {
    const picture = sharp({ create: { width: 3000, height: 20 + n, channels: 3, background: '#204080' } })
    all.push(await library.add(`med-${n}`, await picture.png().toBuffer(), PNG))
  }
  return all
}
async function spend(budget: DailyBudget, pictures: number) {
  const sha256s = await addPictures(pictures)
  const prices = { input: 1000, output: 5000 } // 2 USD and 1,200 tokens per answer
  const plugin = vision({ prices, dailyBudget: budget })
  const stages = [
    await library.stage([plugin], { budgetLookMs: 20 }),
    await library.stage([plugin], { budgetLookMs: 20 }),
  ] as const
  return { sha256s, stages }
}
const waiting = async (): Promise<number> => {
  const { rows } = await library.db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM mediakeep.analyses
     WHERE state = 'pending' AND analysis_attempts = 0 AND analysis_lease_token IS NULL`,
  )
  return rows[0]!.n
}

test('a picture is scaled down outside the process and shown to the model; answer and usage stand in the row', async () => {
  const [sha256] = await addPictures(1)
  const stage = await library.stage([vision()])
  expect(await stage.drain(signal)).toEqual({ done: 1, failed: 0 })
  const { caption, text } = (await library.analysis(sha256!, 'vision'))!.result!
  expect({ caption, text }).toEqual({ caption: MODEL_ANSWER.caption, text: MODEL_ANSWER.text })
  const [{ content }] = server.requests[0]!.body.messages as [{ content: { image_url?: { url: string } }[] }]
  const url = content.find((part) => part.image_url)!.image_url!.url
  const sent = await sharp(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')).metadata()
  expect(sent).toMatchObject({ format: 'jpeg', width: 1568 })
  const used = await library.db.query(`SELECT model, tokens_used::int FROM mediakeep.analyses`)
  expect(used.rows).toEqual([{ model: 'eyes-1', tokens_used: 1200 }])
})

test.each([{ usd: 5 }, { tokens: 3000 }])(
  'a budget of %j pauses the analyser in every process, fails nothing, and goes on the next day',
  async (budget) => {
    const { stages } = await spend(budget, 5)
    expect(await stages[0].drain(signal)).toEqual({ done: 3, failed: 0 })
    expect(await stages[1].drain(signal)).toEqual({ done: 0, failed: 0 })
    expect(server.requests).toHaveLength(3)
    expect(await waiting()).toBe(2)
    expect(library.said.join('\n')).toMatch(/paused: today's budget is spent/)
    // The database's day counts: move the usage to yesterday.
    await library.db.query(`UPDATE mediakeep.analysis_usage SET day = day - 1`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await stages[1].drain(signal)).toEqual({ done: 2, failed: 0 })
    expect(library.said.join('\n')).toMatch(/there is budget again/)
  },
)

test('failed answers count against the budget too', async () => {
  const { stages } = await spend({ tokens: 1200 }, 2)
  server.turns = [{ do: 'refuse' }]
  expect(await stages[0].drain(signal)).toEqual({ done: 0, failed: 1 })
  expect(await stages[1].drain(signal)).toEqual({ done: 0, failed: 0 })
  expect(server.requests).toHaveLength(1)
})

test('429: the analyser rests as long as it is asked to, no attempt is spent, nothing fails', async () => {
  await addPictures(3)
  const stage = await library.stage([vision()])
  server.turns = [{ do: 'status', status: 429, headers: { 'retry-after': '1' } }]
  expect(await stage.drain(signal)).toEqual({ done: 0, failed: 0 })
  expect(await stage.drain(signal)).toEqual({ done: 0, failed: 0 })
  expect(server.requests).toHaveLength(1)
  expect(await waiting()).toBe(3)
  await new Promise((resolve) => setTimeout(resolve, 1050))
  const report = { done: 0 }
  for (let tries = 0; report.done < 3 && tries < 50; tries++) {
    report.done += (await stage.drain(signal)).done
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(report.done).toBe(3)
})

test('timeouts and broken answers are tried again later; a refusal is final', async () => {
  const all = await addPictures(3)
  const stage = await library.stage([vision({ timeoutMs: 200 })])
  server.turns = [{ do: 'hang' }, { do: 'say', content: 'not JSON' }, { do: 'refuse' }]
  expect(await stage.drain(signal)).toEqual({ done: 0, failed: 3 })
  const [hung, broken, refused] = await Promise.all(all.map((sha256) => library.analysis(sha256, 'vision')))
  expect(hung).toMatchObject({ state: 'pending', attempts: 1 })
  expect(hung!.error).toMatch(/^timeout: /)
  expect(broken).toMatchObject({ state: 'pending', attempts: 1 })
  expect(broken!.error).toMatch(/^invalid_response: /)
  expect(refused).toMatchObject({ state: 'failed', attempts: 1 })
  expect(refused!.error).toMatch(/^refused: /)
})

test('an analyser that runs here and hears no signal is left at its time', async () => {
  const sha256 = (await addPictures(1))[0]!
  const deaf: AnalyserPlugin = {
    module: 'deaf',
    analyser: {
      ...{ name: 'deaf', version: '1', mediaTypes: ['image'], runsIn: 'host', timeoutMs: 100 },
      analyse: () => new Promise(() => undefined),
    },
  }
  const stage = await library.stage([deaf])
  expect(await stage.drain(signal)).toEqual({ done: 0, failed: 1 })
  expect((await library.analysis(sha256, 'deaf'))!.error).toMatch(/^timeout: /)
})
