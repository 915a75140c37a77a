import { ArchiveError, ArchiveMissError, type ArchiveErrorCode } from '@mediakeep/content'
import { SourceFailure } from './source-body.ts'

interface Failure {
  readonly name?: string
  /** Node's, of a socket or the file system. */
  readonly code?: unknown
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const BY_NAME: Readonly<Record<string, ArchiveErrorCode>> = {
  BadDigest: 'digest_mismatch',
  InvalidDigest: 'digest_mismatch',
  XAmzContentSHA256Mismatch: 'digest_mismatch',
  NoSuchBucket: 'bucket_missing',
  CredentialsProviderError: 'denied',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  // The SDK learns the store's clock from this answer, and signs the next attempt by it.
  RequestTimeTooSkewed: 'unavailable',
  ConditionalRequestConflict: 'unavailable',
  OperationAborted: 'unavailable',
}

const RETRYABLE: ReadonlySet<ArchiveErrorCode> = new Set([
  'digest_mismatch',
  'timeout',
  'network',
  'unavailable',
])

/** The SDK calls these timeouts. */
const BROKEN: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

function codeOf(failure: Failure): ArchiveErrorCode {
  if (BROKEN.has(failure.code)) return 'network'
  const named = failure.name === undefined ? undefined : BY_NAME[failure.name]
  if (named) return named
  const status = failure.$metadata?.httpStatusCode
  if (status === undefined) return typeof failure.code === 'string' ? 'network' : 'rejected'
  if (status === 401 || status === 403) return 'denied'
  // 501 is a feature the store lacks. An error or garbage under 2xx is what proxies and busy stores send.
  if (status === 501) return 'rejected'
  if (status >= 500 || status === 429 || status === 408 || status < 300) return 'unavailable'
  return 'rejected'
}

/** HTTP status of a vendor's error, also where it is the cause of ours. */
export function statusOf(error: unknown): number | undefined {
  const failure = (error instanceof ArchiveError ? error.cause : error) as Failure | undefined
  return failure?.$metadata?.httpStatusCode
}

/** The vendor's error as ours. Of a missing key it makes an ArchiveMissError. */
export function translate(error: unknown, action: string, key: string): Error {
  if (error instanceof ArchiveError || error instanceof ArchiveMissError || error instanceof SourceFailure) {
    return error
  }
  const failure = error as Failure
  if (failure.$metadata?.httpStatusCode === 404 && failure.name !== 'NoSuchBucket') {
    return new ArchiveMissError(key, { cause: error })
  }
  const code = codeOf(failure)
  const said = [failure.name, failure.message].filter((part) => part && part !== 'UnknownError').join(': ')
  const status = failure.$metadata?.httpStatusCode
  const message = `${action} ${key}: ${said || 'no answer'}${status === undefined ? '' : ` (HTTP ${status})`}`
  return new ArchiveError(code, message, { retryable: RETRYABLE.has(code), cause: error })
}
