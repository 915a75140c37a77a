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
  description: 'The lease had expired, or is ended. Nothing was written, and the work is somebody else’s.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof LeaseLostError,
  fields: (t) => ({ id: t.exposeID('id', { description: 'Of the lease.' }) }),
})

builder.objectType(InvalidResultError, {
  name: 'InvalidResultError',
  description: 'The result cannot be stored. Nothing was written, and the lease goes on.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof InvalidResultError,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the lease.' }),
    problem: t.exposeString('problem', {
      description: 'not_an_object, too_large, too_deep, nul_character, lone_surrogate, not_json',
    }),
    pointer: t.exposeString('pointer', {
      description: 'Where in the result (RFC 6901); empty for the whole.',
    }),
  }),
})

builder.objectType(UnknownAnalyserError, {
  name: 'UnknownAnalyserError',
  description: 'An analyser, or a version of one, that is not configured.',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof UnknownAnalyserError,
  fields: (t) => ({
    analyser: t.exposeString('analyser', { description: 'As it was asked for: `colours@1`.' }),
    configured: t.stringList({ resolve: (error) => [...error.configured] }),
  }),
})
