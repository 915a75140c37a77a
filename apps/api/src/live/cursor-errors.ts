import {
  CursorExpiredError,
  CursorUnknownError,
  InvalidCursorError,
  parseCursor,
  type EventCursor,
} from '@mediakeep/events'
import { GraphQLError } from 'graphql'

/** Turns cursor errors into GraphQL errors for clients; returns other errors unchanged. */
export function toldOfCursor(error: unknown): unknown {
  const isOfCursor =
    error instanceof InvalidCursorError ||
    error instanceof CursorExpiredError ||
    error instanceof CursorUnknownError
  return isOfCursor ? new GraphQLError(error.message, { extensions: { code: error.code } }) : error
}

/** @throws GraphQLError when the text is not a cursor */
export function readCursor(text: string): EventCursor {
  try {
    return parseCursor(text)
  } catch (error) {
    throw toldOfCursor(error) as GraphQLError
  }
}
