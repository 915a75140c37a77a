import { AnalysisError } from '@mediakeep/plugin-api'
import { APICallError } from 'ai'
import { isParameterError } from './request-dialect.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const LONGEST_REST_MS = 60 * MINUTE
/** Wait if the service is overloaded but does not say for how long. */
const USUAL_REST_MS = 30 * SECOND
/** Wait after a wrong key, address or model, or if out of credit: no media fail, but an operator must fix it. */
const MISCONFIGURED_REST_MS = 5 * MINUTE

/** Converts a failed request into an error that says how to proceed. */
export function toAnalysisError(error: unknown, timeoutMs?: number): AnalysisError {
  if (timeoutMs !== undefined) {
    return new AnalysisError('timeout', `There was no answer within ${timeoutMs} ms`, {
      retryable: true,
      cause: error,
    })
  }
  if (APICallError.isInstance(error) && error.statusCode !== undefined)
    return ofStatus(error, error.statusCode)
  // The connection failed or broke.
  return new AnalysisError('unavailable', messageOf(error), { retryable: true, cause: error })
}

function ofStatus(error: APICallError, status: number): AnalysisError {
  const message = `The service answers ${status}: ${messageOf(error)}`
  const options = { cause: error, retryable: true }
  if (status === 429 || status === 503 || status === 529) {
    const restMs = retryAfterMs(error.responseHeaders?.['retry-after']) ?? USUAL_REST_MS
    return new AnalysisError('rate_limited', message, {
      ...options,
      restMs: Math.min(restMs, LONGEST_REST_MS),
    })
  }
  if ([401, 402, 403, 404].includes(status)) {
    return new AnalysisError('misconfigured', message, { ...options, restMs: MISCONFIGURED_REST_MS })
  }
  if (isParameterError(error)) {
    const advice = `${message}. The model of VISION_MODEL does not take what is asked of it: choose one that takes pictures, at VISION_BASE_URL`
    return new AnalysisError('misconfigured', advice, { ...options, restMs: MISCONFIGURED_REST_MS })
  }
  // A status 200 answer that cannot be parsed is also an API error.
  if (status < 400) return new AnalysisError('invalid_response', message, options)
  return status >= 500 || status === 408
    ? new AnalysisError('unavailable', message, options)
    : new AnalysisError('rejected_request', message, { cause: error })
}

/** RFC 9110, 10.2.3: a number of seconds, or a date. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const ms = /^\d+(?:\.\d+)?$/.test(header) ? Number(header) * SECOND : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(ms, SECOND)
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.slice(0, 300)
}
