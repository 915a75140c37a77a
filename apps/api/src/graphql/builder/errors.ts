import { builder } from './builder.ts'
import { ImportSourceError } from '../context/import-sources.ts'
import { InvalidInputError } from './invalid-input.ts'

/** A mutation names media that do not exist; nothing was done. */
export class MediaNotFoundError extends Error {
  override readonly name = 'MediaNotFoundError'
  readonly code = 'media_not_found'
  readonly mediaIds: readonly string[]

  constructor(mediaIds: readonly string[]) {
    super(`There is no media ${mediaIds.join(', ')}.`)
    this.mediaIds = mediaIds
  }
}

/** A mutation asks to take back the rejection of media that are not rejected. */
export class MediaNotRejectedError extends Error {
  override readonly name = 'MediaNotRejectedError'
  readonly code = 'media_not_rejected'
  readonly mediaId: string

  constructor(mediaId: string) {
    super(`The media ${mediaId} is not rejected.`)
    this.mediaId = mediaId
  }
}

interface ExpectedError {
  readonly message: string
  readonly code: string
}

export const ErrorInterface = builder.interfaceRef<ExpectedError>('Error').implement({
  description: 'The reason why a mutation did nothing.',
  fields: (t) => ({
    message: t.exposeString('message'),
    code: t.exposeString('code', { description: 'A stable code for programs.' }),
  }),
})

builder.objectType(MediaNotFoundError, {
  name: 'MediaNotFoundError',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof MediaNotFoundError,
  fields: (t) => ({ mediaIds: t.idList({ resolve: (error) => [...error.mediaIds] }) }),
})

builder.objectType(MediaNotRejectedError, {
  name: 'MediaNotRejectedError',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof MediaNotRejectedError,
  fields: (t) => ({ mediaId: t.id({ resolve: (error) => error.mediaId }) }),
})

builder.objectType(ImportSourceError, {
  name: 'ImportSourceError',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof ImportSourceError,
})

const InputIssue = builder
  .objectRef<{ readonly message: string; readonly path: string }>('InputIssue')
  .implement({
    fields: (t) => ({
      message: t.exposeString('message'),
      path: t.exposeString('path', {
        description: 'The path of the value in the input, for example `input.mediaIds`.',
      }),
    }),
  })

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof InvalidInputError,
  fields: (t) => ({
    issues: t.field({ type: [InputIssue], resolve: (error) => [...error.issues] }),
  }),
})
