import {
  CursorExpiredError,
  CursorUnknownError,
  InvalidCursorError,
  parseCursor,
  type EventCursor,
} from '@mediakeep/events'
import { GraphQLError } from 'graphql'

/** Errors of cursors as clients are told them; others as they are. */
export function toldOfCursor(error: unknown): unknown {
  const isOfCursor =
    error instanceof InvalidCursorError ||
    error instanceof CursorExpiredError ||
    error instanceof CursorUnknownError
  return isOfCursor ? new GraphQLError(error.message, { extensions: { code: error.code } }) : error
}

/** @throws GraphQLError when it is no cursor */
export function readCursor(text: string): EventCursor {
  try {
    return parseCursor(text)
  } catch (error) {
    throw toldOfCursor(error) as GraphQLError
  }
}
