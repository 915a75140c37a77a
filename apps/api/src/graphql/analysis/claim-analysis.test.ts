import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ENDED, key, openWorkshop, type Lease, type Results, type Workshop } from './analysis.fixture.ts'

let workshop: Workshop
const mutate: Workshop['mutate'] = (name, input, fields) => workshop.mutate(name, input, fields)
const claim: Workshop['claim'] = (input, fields) => workshop.claim(input, fields)

beforeEach(async () => {
  workshop = await openWorkshop()
})
afterEach(() => workshop.close())

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
  const [read, statements] = await workshop.api.statements(() =>
    workshop.api.ask<{ mediaItems: { nodes: Record<string, unknown>[] } }>(page),
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
  const { data } = await workshop.api
    .answer(`mutation { claimAnalysis(input: { analysers: [{ name: "x", version: "3" }] }) {
    ... on UnknownAnalyserError { analyser configured } } }`)
  expect(data).toEqual({ claimAnalysis: { analyser: 'x@3', configured: ['colours@1', 'ocr@2'] } })
})
