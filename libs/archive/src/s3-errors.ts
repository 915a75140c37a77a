import { ArchiveError, ArchiveMissError, type ArchiveErrorCode } from '@mediakeep/content'
import {
  adviceFor,
  isRegionMissing,
  isUntrusted,
  isWrongRegion,
  type S3Action,
  type S3Failure,
} from './s3-advice.ts'
import { SourceFailure } from './source-body.ts'

const BY_NAME: Readonly<Record<string, ArchiveErrorCode>> = {
  BadDigest: 'digest_mismatch',
  InvalidDigest: 'digest_mismatch',
  XAmzContentSHA256Mismatch: 'digest_mismatch',
  NoSuchBucket: 'bucket_missing',
  CredentialsProviderError: 'denied',
  // AWS answers 400 here; other rejected credentials get 403.
  ExpiredToken: 'denied',
  InvalidToken: 'denied',
  TokenRefreshRequired: 'denied',
  InvalidObjectState: 'cold',
  ServerSideEncryptionConfigurationNotFoundError: 'misconfigured',
  'KMS.NotFoundException': 'misconfigured',
  'KMS.DisabledException': 'misconfigured',
  'KMS.KMSInvalidStateException': 'misconfigured',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  // The SDK reads the store's clock from this answer and uses it to sign the next attempt.
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

/** The SDK reports these as timeouts. */
const BROKEN: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

function codeOf(failure: S3Failure): ArchiveErrorCode {
  if (BROKEN.has(failure.code)) return 'network'
  if (isWrongRegion(failure) || isRegionMissing(failure) || isUntrusted(failure)) return 'misconfigured'
  const named = failure.name === undefined ? undefined : BY_NAME[failure.name]
  if (named) return named
  const status = failure.$metadata?.httpStatusCode
  if (status === undefined) return typeof failure.code === 'string' ? 'network' : 'rejected'
  if (status === 401 || status === 403) return 'denied'
  // 501 is an unsupported feature. Proxies and busy stores send errors or garbage with a 2xx status.
  if (status === 501) return 'rejected'
  if (status >= 500 || status === 429 || status === 408 || status < 300) return 'unavailable'
  return 'rejected'
}

/** Names and messages that the SDK invents for an answer without a body. */
const NOTHING_SAID = new Set(['Unknown', 'UnknownError'])

/** The HTTP status of an SDK error, or of the cause of one of our errors. */
export function statusOf(error: unknown): number | undefined {
  const failure = (error instanceof ArchiveError ? error.cause : error) as S3Failure | undefined
  return failure?.$metadata?.httpStatusCode
}

/** Converts an SDK error to ours: ArchiveMissError if the object is missing, otherwise ArchiveError. */
export function translate(error: unknown, action: S3Action, key: string): Error {
  if (error instanceof ArchiveError || error instanceof ArchiveMissError || error instanceof SourceFailure) {
    return error
  }
  const failure = error as S3Failure
  if (failure.$metadata?.httpStatusCode === 404 && failure.name !== 'NoSuchBucket') {
    return new ArchiveMissError(key, { cause: error })
  }
  const code = codeOf(failure)
  const said = [failure.name, failure.message].filter((part) => part && !NOTHING_SAID.has(part)).join(': ')
  const status = failure.$metadata?.httpStatusCode
  const answer = said || (status === undefined ? 'no answer' : 'refused')
  const refusal = `${action} ${key}: ${answer}${status === undefined ? '' : ` (HTTP ${status})`}`
  const advice = adviceFor(code, failure, action)
  const message = advice === '' ? refusal : `${refusal.replace(/\.$/, '')}. ${advice}`
  return new ArchiveError(code, message, { retryable: RETRYABLE.has(code), cause: error })
}
