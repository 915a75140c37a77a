import { AnalysisError, type AnalysisInput } from '@mediakeep/plugin-api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MODEL_ANSWER, startModelServer, type ModelServer, type ModelTurn } from '@mediakeep/testing'
import { createVisionAnalyser, type VisionOptions } from './analyser.ts'

let server: ModelServer
beforeAll(async () => {
  server = await startModelServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.turns = []
  server.requests.length = 0
})

const drawn: unknown[] = []
const input: AnalysisInput = {
  sha256: '0'.repeat(64),
  mediaType: 'image',
  mimeType: 'image/png',
  byteSize: 3,
  path: '/nowhere',
  picture: (options) => {
    drawn.push(options)
    const size = { width: 10, height: 10, fullWidth: 10, fullHeight: 10 }
    return Promise.resolve({ bytes: Uint8Array.from([0xff, 0xd8, 0xff]), mimeType: 'image/jpeg', ...size })
  },
}

const PROVIDERS = ['openai-compatible', 'anthropic'] as const
describe.each(PROVIDERS)('over the protocol of %s', (provider) => {
  const ask = (options: Partial<VisionOptions> = {}, signal = new AbortController().signal) =>
    createVisionAnalyser({
      provider,
      baseUrl: server.url,
      apiKey: 'key',
      model: 'eyes-1',
      ...options,
    }).analyse(input, { signal })
  const failure = async (turn: ModelTurn, options: Partial<VisionOptions> = {}): Promise<AnalysisError> => {
    server.turns = [turn]
    const error: unknown = await ask(options).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AnalysisError)
    return error as AnalysisError
  }

  test('a picture scaled down is sent with the prompt; what comes back is the result, its tokens and its price', async () => {
    const { result, usage } = await ask({ prompt: 'Look!', prices: { input: 3, output: 15 } })
    expect(result).toEqual({ ...MODEL_ANSWER, labels: ['slide', 'benchmark'] })
    expect(usage).toEqual({ model: 'eyes-1', tokensUsed: 1200, costUsd: 0.006 })
    expect(drawn.at(-1)).toEqual({ maxEdge: 1568, format: 'jpeg' })
    const [{ headers, body }] = server.requests as [ModelServer['requests'][number]]
    expect(headers.authorization ?? headers['x-api-key']).toMatch(/key$/)
    expect(body.model).toBe('eyes-1')
    const sent = JSON.stringify(body)
    expect(sent).toMatch(/Look!/)
    expect(sent).toMatch(/\/9j\//)
    expect(sent).toMatch(/altText/)
  })

  test.each([
    ['12', 12_000],
    ['7200', 3_600_000],
    [undefined, 30_000],
  ])('429 with Retry-After %s: rest for %i ms', async (retryAfter, restMs) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
    const error = await failure({ do: 'status', status: 429, headers })
    expect(error).toMatchObject({ code: 'rate_limited', retryable: true, restMs })
    expect(server.requests).toHaveLength(1)
  })

  test('429 with a date as Retry-After: rest until then', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString()
    const error = await failure({ do: 'status', status: 429, headers: { 'retry-after': date } })
    expect(error.restMs).toBeGreaterThan(15_000)
    expect(error.restMs).toBeLessThan(21_000)
  })

  test.each([
    [401, 'misconfigured', true, 300_000],
    [402, 'misconfigured', true, 300_000],
    [404, 'misconfigured', true, 300_000],
    [529, 'rate_limited', true, 30_000],
    [500, 'unavailable', true, undefined],
    [400, 'rejected_request', false, undefined],
    [413, 'rejected_request', false, undefined],
  ])('%i is %s', async (status, code, retryable, restMs) => {
    expect(await failure({ do: 'status', status })).toMatchObject({ code, retryable, restMs })
  })

  test('no answer in time is a timeout, a broken connection is unavailable: both are tried again', async () => {
    expect(await failure({ do: 'hang' }, { timeoutMs: 100 })).toMatchObject({
      code: 'timeout',
      retryable: true,
    })
    expect(await failure({ do: 'cut' })).toMatchObject({ code: 'unavailable', retryable: true })
  })

  test('what is not the JSON that was asked for is tried again, and what it used is told', async () => {
    const usage = { model: 'eyes-1', tokensUsed: 1200 }
    for (const content of ['{"caption": 1}', '[]']) {
      const error = await failure({ do: 'say', content })
      expect(error).toMatchObject({ code: 'invalid_response', retryable: true, usage })
    }
    const cut = await failure({ do: 'say', content: '{"caption": "A sl', finish: 'length' })
    expect(cut).toMatchObject({ code: 'invalid_response', retryable: true, usage })
    expect(await failure({ do: 'garbage' })).toMatchObject({ code: 'invalid_response', retryable: true })
  })

  test('a refusal is final, and what it used is told', async () => {
    const error = await failure({ do: 'refuse' })
    expect(error).toMatchObject({ code: 'refused', retryable: false, usage: { tokensUsed: 1200 } })
    expect(error.message).toMatch(/I will not look at that/)
  })

  test('an abort from outside is passed on as it is', async () => {
    server.turns = [{ do: 'hang' }]
    const stop = new AbortController()
    const asking = ask({}, stop.signal)
    const reason = new Error('the lease was lost')
    void expect
      .poll(() => server.requests.length)
      .toBe(1)
      .then(() => stop.abort(reason))
    await expect(asking).rejects.toBe(reason)
  })

  test('text that PostgreSQL would refuse is made storable', async () => {
    server.turns = [
      { do: 'say', content: JSON.stringify({ ...MODEL_ANSWER, caption: 'a\0b\ud800', labels: ['\0'] }) },
    ]
    expect((await ask()).result).toMatchObject({ caption: 'ab\ufffd', labels: [] })
  })
})

test('without a key none is sent; what has no picture is not sent at all', async () => {
  const options = { provider: 'openai-compatible', baseUrl: server.url, model: 'eyes-1' } as const
  const { signal } = new AbortController()
  await createVisionAnalyser(options).analyse(input, { signal })
  expect(server.requests[0]!.headers).not.toHaveProperty('authorization')
  const blind = { ...input, picture: () => Promise.reject(new AnalysisError('no_picture', 'none')) }
  expect(await createVisionAnalyser(options).analyse(blind, { signal })).toEqual({ result: {} })
  expect(server.requests).toHaveLength(1)
})
