import {
  AnalysisResultError,
  checkResult,
  completeAnalyses,
  failAnalyses,
  type AnalysisUsage,
  type CompletedAnalysis,
} from '@mediakeep/analysis'
import { LeaseLostError } from '@mediakeep/lease'
import { z } from 'zod'
import { InvalidResultError } from './analysis-errors.ts'
import { builder } from '../builder/builder.ts'
import { MOST_LEASES } from './claim-analysis.ts'
import { InvalidInputError } from '../builder/invalid-input.ts'

const amount = z.number().int().min(0)

const UsageInput = builder.inputType('AnalysisUsageInput', {
  description: 'The resources that an attempt used.',
  fields: (t) => ({
    model: t.string({ validate: z.string().max(200) }),
    tokensUsed: t.field({ type: 'BigInt', validate: amount }),
    costUsd: t.float({ validate: z.number().min(0) }),
    durationMs: t.field({ type: 'BigInt', description: 'In milliseconds.', validate: amount }),
  }),
})

const ResultInput = builder.inputType('AnalysisResultInput', {
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the lease, from `claimAnalysis`.' }),
    token: t.string({ required: true }),
    result: t.field({
      type: 'JSON',
      required: true,
      description:
        'A JSON object of at most 1 MiB. `text`, `caption`, `altText` and `labels` can be searched, `perceptualHash` finds similar media, `thumbhash` and `dominantColor` are used to draw placeholders. All other keys are stored unchanged.',
    }),
    usage: t.field({ type: UsageInput }),
  }),
})
const CompleteInput = builder.inputType('CompleteAnalysisInput', {
  fields: (t) => ({
    results: t.field({
      type: [ResultInput],
      required: true,
      validate: z.array(z.unknown()).min(1).max(MOST_LEASES),
    }),
  }),
})

const FailureInput = builder.inputType('AnalysisFailureInput', {
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the lease, from `claimAnalysis`.' }),
    token: t.string({ required: true }),
    error: t.string({
      required: true,
      description: 'The error for the log. Only the first 2,000 characters are stored.',
    }),
    retryable: t.boolean({ defaultValue: true, description: 'True if another attempt may succeed.' }),
    usage: t.field({ type: UsageInput }),
  }),
})
const FailInput = builder.inputType('FailAnalysisInput', {
  fields: (t) => ({
    failures: t.field({
      type: [FailureInput],
      required: true,
      validate: z.array(z.unknown()).min(1).max(MOST_LEASES),
    }),
  }),
})

const Outcome = builder.enumType('AnalysisOutcome', {
  description: 'The state of an analysis after an attempt was handed in.',
  values: ['completed', 'retry', 'failed'] as const,
})

interface Ended {
  readonly id: string
  readonly outcome: typeof Outcome.$inferType
}
type Ending = Ended | LeaseLostError | InvalidResultError

const EndedAnalysis = builder.objectRef<Ended>('EndedAnalysis').implement({
  description: 'A result or failure that was accepted. Its lease has ended.',
  isTypeOf: (value) => !(value instanceof Error),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the lease, from `claimAnalysis`.' }),
    outcome: t.field({ type: Outcome, resolve: ({ outcome }) => outcome }),
  }),
})

const CompletePayload = builder
  .objectRef<{ readonly endings: readonly Ending[] }>('CompleteAnalysisPayload')
  .implement({
    fields: (t) => ({
      results: t.errorUnionListField({
        types: [EndedAnalysis, LeaseLostError, InvalidResultError],
        description:
          'One entry for each result, in the order of the input. A refused result does not affect the others.',
        union: { name: 'CompletedAnalysisResult' },
        resolve: ({ endings }) => endings,
      }),
    }),
  })
const FailPayload = builder
  .objectRef<{ readonly endings: readonly (Ended | LeaseLostError)[] }>('FailAnalysisPayload')
  .implement({
    fields: (t) => ({
      results: t.errorUnionListField({
        types: [EndedAnalysis, LeaseLostError],
        description: 'One entry for each failure, in the order of the input.',
        union: { name: 'FailedAnalysisResult' },
        resolve: ({ endings }) => endings,
      }),
    }),
  })

builder.mutationFields((t) => ({
  completeAnalysis: t.field({
    type: CompletePayload,
    scope: 'analyze',
    description: 'Hands in results. A second hand-in of the same lease is refused and changes nothing.',
    args: { input: t.arg({ type: CompleteInput, required: true }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input: { results } }, { db }) => {
      const refused = new Map<number, InvalidResultError>()
      const sound: CompletedAnalysis[] = []
      for (const [at, { id, token, result, usage }] of results.entries()) {
        const problem = problemOf(id, result)
        if (problem) refused.set(at, problem)
        else sound.push({ id, token, result, usage: toUsage(usage) })
      }
      const settled = (await completeAnalyses(db, sound)).values()
      return {
        endings: results.map(({ id }, at) => refused.get(at) ?? toEnding(id, settled.next().value)),
      }
    },
  }),
  failAnalysis: t.field({
    type: FailPayload,
    scope: 'analyze',
    description: 'Reports failed attempts. Retryable ones are tried again later, up to a limit.',
    args: { input: t.arg({ type: FailInput, required: true }) },
    errors: { types: [InvalidInputError] },
    resolve: async (_root, { input: { failures } }, { db }) => {
      const settled = await failAnalyses(
        db,
        failures.map(({ id, token, error, retryable, usage }) => ({
          ...{ id, token, error, retryable: retryable ?? true, usage: toUsage(usage) },
        })),
      )
      return { endings: failures.map(({ id }, at) => toEnding(id, settled[at])) }
    },
  }),
}))

function problemOf(id: string, result: unknown): InvalidResultError | undefined {
  try {
    checkResult(result)
    return undefined
  } catch (error) {
    if (error instanceof AnalysisResultError) return new InvalidResultError(id, error)
    throw error
  }
}

function toEnding(id: string, outcome: Ended['outcome'] | 'refused' | undefined): Ended | LeaseLostError {
  return outcome === undefined || outcome === 'refused' ? new LeaseLostError(id) : { id, outcome }
}

function toUsage(usage: typeof UsageInput.$inferInput | null | undefined): AnalysisUsage | undefined {
  if (!usage) return undefined
  const { model, tokensUsed, costUsd, durationMs } = usage
  return {
    model: model ?? undefined,
    tokensUsed: tokensUsed ?? undefined,
    costUsd: costUsd ?? undefined,
    durationMs: durationMs ?? undefined,
  }
}
