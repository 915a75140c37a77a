import { afterEach, beforeEach, expect, test } from 'vitest'
import { ENDED, key, openWorkshop, type Lease, type Workshop } from './analysis.fixture.ts'

let workshop: Workshop
const mutate: Workshop['mutate'] = (name, input, fields) => workshop.mutate(name, input, fields)
const claim: Workshop['claim'] = (input, fields) => workshop.claim(input, fields)

beforeEach(async () => {
  workshop = await openWorkshop()
})
afterEach(() => workshop.close())

test('media are analysed again by their ids or by a filter; the old result stays till then', async () => {
  const analysers = [{ name: 'ocr' }]
  const leases = await claim({ limit: 100, analysers }, 'mediaId')
  const results = leases.map((lease) => ({ ...key(lease), result: { text: 'first' } }))
  await mutate('completeAnalysis', { results }, ENDED)
  const mediaId = leases[0]!['mediaId'] as string
  const requeue = (input: object): Promise<Record<string, unknown>> =>
    mutate('requeueAnalysis', input, 'count leftOut')
  expect(await requeue({ mediaIds: [mediaId], analysers: ['ocr'] })).toMatchObject({ count: 1 })
  const analyses = async (): Promise<unknown> =>
    workshop.api.ask(
      `{ mediaItem(id: "${mediaId}") { analyses { analyser status result earlierResults { result } } } }`,
    )
  expect(await analyses()).toMatchObject({
    mediaItem: { analyses: [{}, { analyser: 'ocr', status: 'not_started', result: { text: 'first' } }] },
  })
  const again: Lease[] = []
  await expect
    .poll(async () => again.push(...(await claim({ limit: 5, analysers }))), { timeout: 60_000 })
    .toBe(1)
  await mutate('completeAnalysis', { results: [{ ...key(again[0]!), result: { text: 'second' } }] }, ENDED)
  expect(await analyses()).toMatchObject({
    mediaItem: {
      analyses: [
        {},
        { status: 'completed', result: { text: 'second' }, earlierResults: [{ result: { text: 'first' } }] },
      ],
    },
  })
  expect(await requeue({ filter: { fate: 'fetched' }, analysers: ['ocr'], priority: 9 })).toMatchObject({
    count: 7,
  })
  expect(await requeue({ filter: { fate: 'expired' } })).toMatchObject({ count: 0, leftOut: 0 })
  expect(await requeue({ filter: { fate: 'fetched' }, analysers: ['ocr'], limit: 3 })).toMatchObject({
    ...{ count: 3, leftOut: 4 },
  })
  const two = leases.slice(0, 2).map((lease) => lease['mediaId'])
  expect(await requeue({ mediaIds: two, analysers: ['ocr'], limit: 1 })).toMatchObject({ leftOut: 1 })
  expect(await requeue({ mediaIds: ['med-ffffffff'] })).toMatchObject({ __typename: 'MediaNotFoundError' })
  expect(await requeue({ mediaIds: [mediaId], analysers: ['x'] })).toMatchObject({
    __typename: 'UnknownAnalyserError',
  })
  for (const input of [
    {},
    { mediaIds: [mediaId], filter: {} },
    { filter: { similarTo: { mediaId } } },
    { mediaIds: [mediaId], priority: 10 },
  ])
    expect(await requeue(input)).toMatchObject({ __typename: 'InvalidInputError' })
})

test('the statistics tell what waits for each analyser, and what was refused', async () => {
  const [first, second] = await claim({ limit: 2, analysers: [{ name: 'ocr' }] })
  await mutate('failAnalysis', { failures: [{ ...key(first!), error: 'no', retryable: false }] }, ENDED)
  await mutate('completeAnalysis', { results: [{ ...key(first!), result: {} }] }, ENDED)
  const { mediaStats } = await workshop.api.ask<
    Record<string, { analysisQueues: Record<string, unknown>[] }>
  >('{ mediaStats { refusedAnalyses analysisQueues { analyser waiting started failed oldestWaitingAt } } }')
  expect(second).toBeDefined()
  expect(mediaStats).toMatchObject({
    refusedAnalyses: 1,
    analysisQueues: [
      { analyser: 'colours@1', waiting: 7, started: 0, failed: 0 },
      { analyser: 'ocr@2', waiting: 5, started: 1, failed: 1 },
    ],
  })
  expect(Date.parse(mediaStats!.analysisQueues[0]!['oldestWaitingAt'] as string)).toBeGreaterThan(0)
})

test('what older tools wrote into text and log is shown as far as it can be', async () => {
  const event = { timestamp: '2026-01-01T00:00:00.000Z', event: 'media_downloaded', status: 'not_started' }
  await workshop.db.query(
    `UPDATE post_media SET ai_analysis = 'a cat', ai_analysis_log = $1 WHERE media_id = 'med-00000001'`,
    [JSON.stringify([event, 'gibberish', { event: 'x' }])],
  )
  const fields = 'aiAnalysis aiAnalysisLog aiAnalysisEvents { timestamp event status model }'
  expect(await workshop.api.ask(`{ mediaItem(id: "med-00000001") { ${fields} } }`)).toEqual({
    mediaItem: { aiAnalysis: 'a cat', aiAnalysisLog: [event], aiAnalysisEvents: [{ ...event, model: null }] },
  })
  const { data } = await workshop.api.answer(`{ mediaItems { nodes { ${fields} } } }`)
  expect(data).not.toBeNull()
})
