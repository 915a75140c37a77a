import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { AnalysisError, type AnalysisInput } from '@mediakeep/plugin-api'
import { expect, onTestFinished, test } from 'vitest'
import { createVisionAnalyser } from './analyser.ts'

const ANSWER = { caption: 'A gate', altText: 'A stone gate', labels: ['gate'], text: '' }
const JSON_TEXT = JSON.stringify(ANSWER)

interface Asked {
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly response_format?: { readonly type: string }
}

/** A service that rejects requests for which `refuse` returns a message, and otherwise answers with `content`. */
async function service(content: string, refuse: (asked: Asked) => string | undefined = () => undefined) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      asked.push(body as Asked)
      const message = refuse(body as Asked)
      response.writeHead(message === undefined ? 200 : 400, { 'content-type': 'application/json' })
      const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }]
      const usage = { prompt_tokens: 900, completion_tokens: 60, total_tokens: 960 }
      const answer = { id: 'x', object: 'chat.completion', created: 1, model: 'm', choices, usage }
      response.end(JSON.stringify(message === undefined ? answer : { error: { message } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const analyser = createVisionAnalyser({ provider: 'openai-compatible', baseUrl, model: 'm' })
  return { asked, analyse: () => analyser.analyse(INPUT, { signal: new AbortController().signal }) }
}

const INPUT: AnalysisInput = {
  sha256: '0'.repeat(64),
  mediaType: 'image',
  mimeType: 'image/png',
  byteSize: 3,
  path: '/nowhere',
  picture: () => {
    const size = { width: 10, height: 10, fullWidth: 10, fullHeight: 10 }
    return Promise.resolve({ bytes: Uint8Array.from([0xff, 0xd8, 0xff]), mimeType: 'image/jpeg', ...size })
  },
}

test.each([
  ['a fence', `\`\`\`json\n${JSON_TEXT}\n\`\`\``],
  ['thoughts before it', `<think>A {gate}, is it?</think>\n\n${JSON_TEXT}`],
  ['a sentence before it', `Here is the JSON:\n\n${JSON_TEXT}\nI hope it helps.`],
  ['braces before it', `I see {a gate}. ${JSON_TEXT}`],
  ['null where nothing is to be read', JSON.stringify({ ...ANSWER, text: null })],
])('an answer with %s is used', async (_what, content) => {
  const { analyse, asked } = await service(content)
  expect(await analyse()).toEqual({ result: ANSWER, usage: { model: 'm', tokensUsed: 960 } })
  expect(asked).toHaveLength(1)
})

test('a model that refuses max_tokens is asked with max_completion_tokens, from then on at once', async () => {
  const { analyse, asked } = await service(JSON_TEXT, ({ max_tokens }) =>
    max_tokens === undefined
      ? undefined
      : "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
  )
  expect((await analyse()).result).toEqual(ANSWER)
  await analyse()
  expect(asked.map((one) => one.max_completion_tokens)).toEqual([undefined, 4000, 4000])
})

test('a service that refuses a response format is asked for a simpler one, then for none', async () => {
  const { analyse, asked } = await service(JSON_TEXT, ({ response_format }) =>
    response_format === undefined ? undefined : "'response_format.type' is not supported",
  )
  expect((await analyse()).result).toEqual(ANSWER)
  expect(asked.map((one) => one.response_format?.type)).toEqual(['json_schema', 'json_object', undefined])
})

test('a model that takes no pictures is a matter of configuration: it costs no item', async () => {
  const { analyse, asked } = await service('', () => 'this model does not support image input')
  const error: unknown = await analyse().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AnalysisError)
  expect(error).toMatchObject({ code: 'misconfigured', retryable: true, restMs: 300_000 })
  expect((error as Error).message).toMatch(/does not support image input.*VISION_MODEL/)
  expect(asked).toHaveLength(1)
})

test('a parameter refused to the end, and an unusable answer, are said with what came', async () => {
  const stubborn = await service('', () => "'response_format' is not supported")
  await expect(stubborn.analyse()).rejects.toMatchObject({ code: 'misconfigured' })
  expect(stubborn.asked).toHaveLength(3)
  const prose = await service(`It is a gate. ${'x'.repeat(5000)}`)
  const error = (await prose.analyse().catch((thrown: unknown) => thrown)) as AnalysisError
  expect(error).toMatchObject({ code: 'invalid_response', usage: { tokensUsed: 960 } })
  expect(error.message).toContain('It is a gate.')
  expect(error.message.length).toBeLessThan(2100)
})

test('requests at once learn together, and no step is skipped', async () => {
  const { analyse, asked } = await service(JSON_TEXT, ({ max_tokens }) =>
    max_tokens === undefined ? undefined : "'max_tokens' is not supported",
  )
  const answers = await Promise.all([analyse(), analyse(), analyse(), analyse()])
  expect(answers.map(({ result }) => result)).toEqual([ANSWER, ANSWER, ANSWER, ANSWER])
  expect(asked.filter((one) => one.max_completion_tokens === 4000)).toHaveLength(4)
})

test('a picture that the service refuses fails alone', async () => {
  const { analyse } = await service(
    '',
    () => 'You uploaded an unsupported image. Please make sure it is valid.',
  )
  await expect(analyse()).rejects.toMatchObject({ code: 'rejected_request', retryable: false })
})
