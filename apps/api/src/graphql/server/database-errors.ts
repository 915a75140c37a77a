import { isTransient } from '../../live/transient.ts'

/** A failure of the database as clients see it: a stable code, and what to do. */
export interface DatabaseFailure {
  readonly code: string
  readonly message: string
  /** Seconds after which the same request may succeed; undefined if it would fail again. */
  readonly retryAfter?: number
}

const UNAVAILABLE: DatabaseFailure = {
  code: 'DATABASE_UNAVAILABLE',
  message: 'The database cannot be reached now: try again in some seconds.',
  retryAfter: 5,
}
const BUSY: DatabaseFailure = {
  code: 'DATABASE_BUSY',
  message: 'The database has no connection free: try again in some seconds, with fewer requests at once.',
  retryAfter: 5,
}
const TOO_SLOW: DatabaseFailure = {
  code: 'QUERY_TOO_SLOW',
  message:
    'The database did not finish in the time of one request. Ask for less: a smaller "first", fewer lists and ' +
    'counts inside one another, a narrower filter, or more words in a search.',
}
const CONFLICT: DatabaseFailure = {
  code: 'CONFLICTING_CHANGE',
  message: 'Another change to the same items was under way, so nothing was changed: send it again.',
  retryAfter: 1,
}
const READ_ONLY: DatabaseFailure = {
  code: 'DATABASE_READ_ONLY',
  message: 'The database takes no changes now, as during a failover: try again in some seconds.',
  retryAfter: 5,
}

/** By PostgreSQL's SQLSTATE, and by Prisma's or our code where no connection was free. */
const FAILURES: Readonly<Record<string, DatabaseFailure>> = {
  '57014': TOO_SLOW,
  '25P04': TOO_SLOW,
  '40001': CONFLICT,
  '40P01': CONFLICT,
  '55P03': CONFLICT,
  P2034: CONFLICT,
  '53300': BUSY,
  P2024: BUSY,
  P2037: BUSY,
  no_turn: BUSY,
  '25006': READ_ONLY,
}

/** @returns undefined for errors that are no failure of the database, or that point to a mistake in a statement */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  const codes = codesOf(error)
  const known = codes.map((code) => FAILURES[code]).find((failure) => failure !== undefined)
  if (known) return known
  if (messagesOf(error).some((message) => message.includes('timeout exceeded when trying to connect')))
    return BUSY
  return isTransient(error) || codes.some((code) => isTransient(Object.assign(new Error(), { code })))
    ? UNAVAILABLE
    : undefined
}

/** A driver, its adapter and Prisma wrap one another's errors, and keep the code in different places. */
function codesOf(error: unknown): string[] {
  return chain(error).flatMap(({ code, originalCode }) =>
    [originalCode, code].filter((one): one is string => typeof one === 'string'),
  )
}

function messagesOf(error: unknown): string[] {
  return chain(error).flatMap(({ message }) => (typeof message === 'string' ? [message] : []))
}

type Link = Readonly<Record<string, unknown>>

function chain(error: unknown, seen = new Set<unknown>()): Link[] {
  if (typeof error !== 'object' || error === null || seen.has(error)) return []
  seen.add(error)
  const link = error as Link
  const meta = link['meta'] as Link | undefined
  return [
    link,
    ...chain(link['cause'], seen),
    ...chain(meta, seen),
    ...chain(meta?.['driverAdapterError'], seen),
  ]
}
