import { AnalysisResultError, UnknownAnalyserError } from '@mediakeep/analysis'
import { LeaseLostError } from '@mediakeep/lease'
import { builder } from '../builder/builder.ts'
import { ErrorInterface } from '../builder/errors.ts'

/** A result that cannot be stored. */
export class InvalidResultError extends Error {
  override readonly name = 'InvalidResultError'
  readonly code = 'invalid_result'
  readonly id: string
  readonly problem: string
  readonly pointer: string

  constructor(id: string, { message, problem, pointer }: AnalysisResultError) {
    super(message)
    this.id = id
    this.problem = problem
    this.pointer = pointer
  }
}

builder.objectType(LeaseLostError, {
  name: 'LeaseLostError',
  description:
    'The lease has expired or ended. Nothing was written, and another worker may have taken over the work.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof LeaseLostError,
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id of the lease, from `claimAnalysis`.' }) }),
})

builder.objectType(InvalidResultError, {
  name: 'InvalidResultError',
  description: 'The result cannot be stored. Nothing was written, and the lease is still held.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof InvalidResultError,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the lease, from `claimAnalysis`.' }),
    problem: t.exposeString('problem', {
      description:
        'The kind of problem: `not_an_object`, `too_large`, `too_deep`, `nul_character`, `lone_surrogate` or `not_json`.',
    }),
    pointer: t.exposeString('pointer', {
      description: 'The JSON pointer (RFC 6901) of the value in the result. Empty for the whole result.',
    }),
  }),
})

builder.objectType(UnknownAnalyserError, {
  name: 'UnknownAnalyserError',
  description: 'An analyser, or a version of one, that is not configured.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof UnknownAnalyserError,
  fields: (t) => ({
    analyser: t.exposeString('analyser', {
      description: 'The analyser as it was requested, for example `colours@1`.',
    }),
    configured: t.stringList({ resolve: (error) => [...error.configured] }),
  }),
})
