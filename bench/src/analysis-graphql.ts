import { workThrough } from './analysis-loops.ts'
import { startChild } from './child.ts'
import type { Finding } from './compare.ts'
import type { BenchDatabase } from './databases.ts'
import { post } from './page-load.ts'

const CLAIM = `mutation Claim($input: ClaimAnalysisInput!) { claimAnalysis(input: $input) {
  ... on ClaimAnalysisPayload { leases { id token url sha256Sum fileSize mimeType } } } }`
const COMPLETE = `mutation Complete($input: CompleteAnalysisInput!) { completeAnalysis(input: $input) {
  ... on CompleteAnalysisPayload { results { __typename } } } }`

interface Claimed {
  readonly data: {
    readonly claimAnalysis: { readonly leases: { readonly id: string; readonly token: string }[] }
  }
}
interface Completed {
  readonly data: { readonly completeAnalysis: { readonly results: { readonly __typename: string }[] } }
}

/** Measures outside workers, which claim and complete over GraphQL, through one API process. */
export async function analysisOverGraphql(
  database: BenchDatabase,
  rows: number,
  batch: number,
  result: object,
): Promise<Finding> {
  const api = await startChild(import.meta.resolve('./page-process.ts'), ['api', database.url])
  try {
    const url = `${api.said as string}/graphql`
    const rate = Math.round(await workThrough(rows, () => claimAndComplete(url, batch, result)))
    return `analysis over GraphQL, ${batch} at a time: ${rate.toLocaleString('en-US')} claims and completions/s`
  } finally {
    await api.stop()
  }
}

async function claimAndComplete(url: string, batch: number, result: object): Promise<number> {
  const mutate = (query: string, input: object): Promise<unknown> =>
    post(url, { body: JSON.stringify({ query, variables: { input } }) })
  const { leases } = ((await mutate(CLAIM, { limit: batch })) as Claimed).data.claimAnalysis
  const results = leases.map(({ id, token }) => ({ id, token, result, usage: { durationMs: 12 } }))
  const answers = ((await mutate(COMPLETE, { results })) as Completed).data.completeAnalysis.results
  if (answers.some(({ __typename }) => __typename !== 'EndedAnalysis'))
    throw new Error('A result was refused')
  return leases.length
}
