import { randomUUID } from 'node:crypto'
import { configureAnalysers } from '@mediakeep/analysis'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../api.fixture.ts'

let db: TestDatabase
let api: TestApi

beforeEach(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 4)
  await db.query('UPDATE mediakeep.contents SET inspected_at = now()')
  await configureAnalysers(db, [
    { name: 'colours', version: '1', mediaTypes: ['image'] },
    { name: 'ocr', version: '2', mediaTypes: ['image'] },
  ])
  api = await startTestApi(db)
})
afterEach(async () => {
  await api.close()
  await db.drop()
})

interface Lease {
  readonly id: string
  readonly token: string
  readonly [field: string]: unknown
}

const mutate = async <Payload>(name: string, input: object, fields: string): Promise<Payload> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const data = await api.ask<Record<string, Payload>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Payload { ${fields} }
       ... on Error { message code } } }`,
    { input },
  )
  return data[name]!
}
const claim = async (input: object, fields = ''): Promise<Lease[]> =>
  (await mutate<{ leases: Lease[] }>('claimAnalysis', input, `leases { id token ${fields} }`)).leases
const key = ({ id, token }: Lease) => ({ id, token })
const ENDED = 'results { __typename ... on EndedAnalysis { id outcome } ... on Error { code message } }'
type Results = { readonly results: { readonly __typename: string; readonly [field: string]: unknown }[] }

test('a claim tells what to analyse and where the bytes are', async () => {
  const [lease] = await claim(
    { analysers: [{ name: 'colours' }], worker: 'painter' },
    `attempt analyser analyserVersion expiresAt url sha256Sum fileSize mimeType mediaType mediaId
     media { id url aiAnalysisStatus post { urn } aiAnalysisEvents { event status details } }`,
  )
  expect(lease).toMatchObject({
    attempt: 1,
    analyser: 'colours',
    analyserVersion: '1',
    fileSize: 1000,
    mimeType: 'image/jpeg',
    mediaType: 'image',
    media: {
      id: lease!['mediaId'],
      url: lease!['url'],
      aiAnalysisStatus: 'started',
      aiAnalysisEvents: [
        {
          event: 'ai_analysis_started',
          status: 'started',
          details: { worker: 'painter', analyser: 'colours' },
        },
      ],
    },
  })
  expect(Date.parse(lease!['expiresAt'] as string) - Date.now()).toBeGreaterThan(290_000)
  expect(lease!['url']).toMatch(new RegExp(`/media/${lease!['mediaId'] as string}\\?.*signature=`))
})

test('results go to every row that shows the content, and into `analyses`', async () => {
  const leases = await claim({ limit: 100 }, 'analyser sha256Sum')
  expect(leases).toHaveLength(14)
  const done = await mutate<Results>(
    'completeAnalysis',
    {
      results: leases.map((lease) => ({
        ...key(lease),
        result: { text: `seen by ${lease['analyser'] as string}` },
        usage: { model: 'm', tokensUsed: 5, costUsd: 0.25, durationMs: 12 },
      })),
    },
    ENDED,
  )
  expect(done.results).toEqual(
    leases.map(({ id }) => ({ __typename: 'EndedAnalysis', id, outcome: 'completed' })),
  )
  const page = `{ mediaItems(first: 5, filter: { fate: fetched }) { nodes { aiAnalysisStatus aiAnalysis aiAnalyzedAt
    analyses { analyser version status attempts result error model tokensUsed costUsd durationMs finishedAt
      earlierResults { result } } } } }`
  const [read, statements] = await api.statements(() =>
    api.ask<{ mediaItems: { nodes: Record<string, unknown>[] } }>(page),
  )
  expect(statements).toBe(2)
  const shown = { colours: { text: 'seen by colours' }, ocr: { text: 'seen by ocr' } }
  const nodes = read.mediaItems.nodes
  expect(nodes).toHaveLength(5)
  for (const node of nodes) {
    expect(node).toMatchObject({ aiAnalysisStatus: 'completed', aiAnalysis: shown })
    expect(node['analyses']).toMatchObject([
      { analyser: 'colours', status: 'completed', attempts: 1, result: shown.colours, tokensUsed: 5 },
      { analyser: 'ocr', version: '2', costUsd: 0.25, durationMs: 12, model: 'm', earlierResults: [] },
    ])
  }
})

test('a result that comes late or twice is refused by its token, and the others are not', async () => {
  const [first, second] = await claim({ limit: 2, analysers: [{ name: 'ocr' }] })
  const results = [
    { ...key(first!), result: {} },
    { ...key(second!), token: randomUUID(), result: {} },
    { ...key(second!), result: [] },
    { ...key(second!), result: { text: 'a\0b' } },
    { ...key(second!), result: { blob: 'x'.repeat(1024 ** 2) } },
  ]
  const { results: told } = await mutate<Results>('completeAnalysis', { results }, ENDED)
  expect(told.map(({ __typename, code }) => [__typename, code])).toEqual([
    ['EndedAnalysis', undefined],
    ['LeaseLostError', 'lease_lost'],
    ['InvalidResultError', 'invalid_result'],
    ['InvalidResultError', 'invalid_result'],
    ['InvalidResultError', 'invalid_result'],
  ])
  expect(told[3]!['message']).toContain('NUL')
  const again = await mutate<Results>('completeAnalysis', { results: [results[0]] }, ENDED)
  expect(again.results[0]!.__typename).toBe('LeaseLostError')
  const failed = await mutate<Results>(
    'failAnalysis',
    { failures: [{ ...key(first!), error: 'late' }] },
    ENDED,
  )
  expect(failed.results[0]!.__typename).toBe('LeaseLostError')
  const held = await mutate<{ leases: { __typename: string }[] }>(
    'extendAnalysisLease',
    { leases: [key(first!), key(second!)], leaseSeconds: 1000 },
    'leases { __typename ... on HeldAnalysisLease { id } }',
  )
  expect(held.leases.map(({ __typename }) => __typename)).toEqual(['LeaseLostError', 'HeldAnalysisLease'])
})

test('a failure is retried unless it says not to be; a lease given back is free at once', async () => {
  const [first, second, third] = await claim({ limit: 3, analysers: [{ name: 'ocr' }] })
  const { results } = await mutate<Results>(
    'failAnalysis',
    {
      failures: [
        { ...key(first!), error: 'no answer' },
        { ...key(second!), error: 'no picture', retryable: false },
      ],
    },
    ENDED,
  )
  expect(results.map(({ outcome }) => outcome)).toEqual(['retry', 'failed'])
  await mutate('releaseAnalysis', { leases: [key(third!)] }, 'ids')
  const left: Lease[] = []
  await expect
    .poll(async () => {
      left.push(...(await claim({ limit: 100, analysers: [{ name: 'ocr' }] }, 'attempt')))
      return left.map(({ id }) => id)
    })
    .toContain(third!.id)
  expect(left.map(({ id }) => id)).not.toContain(first!.id)
  expect(left.map(({ attempt }) => attempt)).toEqual(left.map(() => 1))
})

test.each([
  ['claimAnalysis', { limit: 101 }, 'InvalidInputError'],
  ['claimAnalysis', { limit: 0 }, 'InvalidInputError'],
  ['claimAnalysis', { leaseSeconds: 90_000 }, 'InvalidInputError'],
  ['claimAnalysis', { analysers: [{ name: 'nobody' }] }, 'UnknownAnalyserError'],
  ['claimAnalysis', { analysers: [{ name: 'ocr', version: '1' }] }, 'UnknownAnalyserError'],
  ['completeAnalysis', { results: [] }, 'InvalidInputError'],
  ['failAnalysis', { failures: [] }, 'InvalidInputError'],
  ['extendAnalysisLease', { leases: [] }, 'InvalidInputError'],
])('%s with %j is a typed error', async (name, input, type) => {
  expect(await mutate(name, input, '__typename')).toMatchObject({ __typename: type })
})

test('an unknown analyser is told which there are', async () => {
  const { data } =
    await api.answer(`mutation { claimAnalysis(input: { analysers: [{ name: "x", version: "3" }] }) {
    ... on UnknownAnalyserError { analyser configured } } }`)
  expect(data).toEqual({ claimAnalysis: { analyser: 'x@3', configured: ['colours@1', 'ocr@2'] } })
})

test('media are analysed again by their ids or by a filter; the old result stays till then', async () => {
  const analysers = [{ name: 'ocr' }]
  const leases = await claim({ limit: 100, analysers }, 'mediaId')
  const results = leases.map((lease) => ({ ...key(lease), result: { text: 'first' } }))
  await mutate('completeAnalysis', { results }, ENDED)
  const mediaId = leases[0]!['mediaId'] as string
  const requeue = (input: object): Promise<Record<string, unknown>> =>
    mutate('requeueAnalysis', input, 'count')
  expect(await requeue({ mediaIds: [mediaId], analysers: ['ocr'] })).toMatchObject({ count: 1 })
  const analyses = async (): Promise<unknown> =>
    api.ask(
      `{ mediaItem(id: "${mediaId}") { analyses { analyser status result earlierResults { result } } } }`,
    )
  expect(await analyses()).toMatchObject({
    mediaItem: { analyses: [{}, { analyser: 'ocr', status: 'not_started', result: { text: 'first' } }] },
  })
  const again: Lease[] = []
  await expect
    .poll(async () => again.push(...(await claim({ limit: 5, analysers }))), { timeout: 10_000 })
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
  expect(await requeue({ filter: { fate: 'expired' } })).toMatchObject({ count: 0 })
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
  const { mediaStats } = await api.ask<Record<string, { analysisQueues: Record<string, unknown>[] }>>(
    '{ mediaStats { refusedAnalyses analysisQueues { analyser waiting started failed oldestWaitingAt } } }',
  )
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
  await db.query(
    `UPDATE post_media SET ai_analysis = 'a cat', ai_analysis_log = $1 WHERE media_id = 'med-00000001'`,
    [JSON.stringify([event, 'gibberish', { event: 'x' }])],
  )
  const fields = 'aiAnalysis aiAnalysisLog aiAnalysisEvents { timestamp event status model }'
  expect(await api.ask(`{ mediaItem(id: "med-00000001") { ${fields} } }`)).toEqual({
    mediaItem: { aiAnalysis: 'a cat', aiAnalysisLog: [event], aiAnalysisEvents: [{ ...event, model: null }] },
  })
  const { data } = await api.answer(`{ mediaItems { nodes { ${fields} } } }`)
  expect(data).not.toBeNull()
})
