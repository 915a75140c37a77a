import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import type { ErrorLog } from '../../ports/log.ts'
import { ClientLeftError } from './limit-queries.ts'
import { InvalidInputError } from '../builder/invalid-input.ts'
import { databaseFailure } from './database-errors.ts'

// PostgreSQL rejects NUL and lone surrogates in text: an error in the client's input, not ours.
const REFUSED_TEXT = new Set(['22021', '22P05'])

/** Returns the error for the client: expected errors as they are, others masked, with an id that is in the log. */
export function maskError(error: unknown, log: ErrorLog, isProduction: boolean): GraphQLError {
  if (error instanceof GraphQLError && isExpected(error)) {
    const shown = withoutStack(error)
    return isProduction ? withoutSuggestions(shown) : shown
  }
  const cause = (error instanceof GraphQLError ? error.originalError : undefined) ?? error
  if (REFUSED_TEXT.has((cause as { code?: string }).code ?? ''))
    return located(error, 'Text must not contain NUL or lone surrogates.', { code: 'BAD_USER_INPUT' })
  if (cause instanceof InvalidInputError)
    return located(error, cause.message, { code: 'BAD_USER_INPUT', issues: cause.issues })
  // The client is gone, so nobody reads this, and it is not our failure.
  if (cause instanceof ClientLeftError) return located(error, cause.message, { code: 'CLIENT_LEFT' })
  const id = randomUUID()
  log.error({ errorId: id, err: cause }, 'a GraphQL request failed')
  const failure = databaseFailure(cause)
  if (failure) {
    const { code, message, retryAfter } = failure
    const http = retryAfter !== undefined && { status: 503, headers: { 'retry-after': `${retryAfter}` } }
    return located(error, `${message} The log has more under ${id}.`, {
      code,
      errorId: id,
      ...(http && { http }),
    })
  }
  return located(error, `Something went wrong here. The log has more under ${id}.`, {
    code: 'INTERNAL_SERVER_ERROR',
    errorId: id,
  })
}

/** True for GraphQLErrors thrown by us or the library, and for request errors, which have an HTTP status. */
function isExpected({ originalError: original, extensions }: GraphQLError): boolean {
  if ('http' in extensionsOf(extensions)) return true
  return (original ?? undefined) === undefined || original instanceof GraphQLError
}

function withoutStack(error: GraphQLError): GraphQLError {
  const given = extensionsOf(error.extensions)
  if (!('stack' in given) && !('originalError' in given)) return error
  const extensions = { ...given }
  delete extensions['stack']
  delete extensions['originalError']
  // A body that is not JSON is a bad request, whatever the media type of the answer.
  if (extensions['code'] === 'BAD_REQUEST') extensions['http'] = { status: 400 }
  return located(error, error.message, extensions)
}

/** Removes suggestions, which reveal the schema guess by guess even where introspection is disabled. */
export function withoutSuggestions(error: GraphQLError): GraphQLError {
  const message = error.message.replace(/ Did you mean .*\?$/s, '')
  return message === error.message ? error : located(error, message, extensionsOf(error.extensions))
}

function located(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, path } = error instanceof GraphQLError ? error : {}
  return new GraphQLError(message, { nodes: nodes ?? null, path: path ?? null, extensions })
}

/** Errors from compiled queries may have no extensions. */
function extensionsOf(extensions: Record<string, unknown> | undefined): Record<string, unknown> {
  return extensions ?? {}
}
