import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const analysis = (env: Record<string, string>) => readConfig(env).analysis
const VISION = { VISION_MODEL: 'eyes-1', VISION_API_KEY: 'key' }

test('without anything said, the analysers are those that need no key', () => {
  expect(analysis({})).toEqual({
    analysers: undefined,
    leaseSeconds: 300,
    ocrLanguages: ['eng'],
    vision: undefined,
  })
})

test('languages are codes, or paths, which become absolute', () => {
  expect(analysis({ OCR_LANGUAGES: 'eng, deu,/data/jpn.traineddata' }).ocrLanguages).toEqual([
    'eng',
    'deu',
    '/data/jpn.traineddata',
  ])
  expect(analysis({ OCR_LANGUAGES: './abc.traineddata.gz' }).ocrLanguages[0]).toMatch(/^\/.*\/abc/)
  for (const wrong of ['e', '../..', ','])
    expect(() => analysis({ OCR_LANGUAGES: wrong }), wrong).toThrow(/OCR_LANGUAGES: /)
})

test('analysers are named; those that run elsewhere with their version, and what they take', () => {
  expect(analysis({ ANALYSERS: 'facts, colours@1,faces@2.1:image+video, ears@1:audio' }).analysers).toEqual([
    { name: 'facts', version: undefined, mediaTypes: ['image', 'video', 'document'] },
    { name: 'colours', version: '1', mediaTypes: ['image', 'video', 'document'] },
    { name: 'faces', version: '2.1', mediaTypes: ['image', 'video'] },
    { name: 'ears', version: '1', mediaTypes: ['audio'] },
  ])
})

test('a model is asked within a budget a day, in tokens or in money', () => {
  expect(analysis({ ...VISION, VISION_DAILY_BUDGET: '200000 tokens' }).vision).toMatchObject({
    ...{ provider: 'openai-compatible', model: 'eyes-1', apiKey: 'key', dailyBudget: { tokens: 200_000 } },
  })
  const prices = { VISION_INPUT_PRICE: '3', VISION_OUTPUT_PRICE: '15' }
  const { vision } = analysis({ ...VISION, ...prices, VISION_DAILY_BUDGET: '5 USD' })
  expect(vision).toMatchObject({ dailyBudget: { usd: 5 }, prices: { input: 3, output: 15 } })
})

test.each([
  [{ ANALYSERS: 'Not OK' }, /ANALYSERS: expected names such as/],
  [{ ANALYSERS: 'colours@1:sound' }, /ANALYSERS: expected names such as/],
  [{ VISION_BASE_URL: 'http://127.0.0.1:11434/v1' }, /VISION_MODEL: is needed/],
  [{ VISION_MODEL: 'eyes-1' }, /VISION_API_KEY: or VISION_BASE_URL/],
  [{ ...VISION, VISION_DAILY_BUDGET: 'five' }, /VISION_DAILY_BUDGET: expected an amount/],
  [{ ...VISION, VISION_DAILY_BUDGET: '5 USD' }, /VISION_DAILY_BUDGET: in USD needs VISION_INPUT_PRICE/],
])('%j is refused', (env: Record<string, string>, message) => {
  expect(() => analysis(env)).toThrow(ConfigError)
  expect(() => analysis(env)).toThrow(message)
})
