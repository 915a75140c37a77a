import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { S3Client, type PutObjectCommandInput, type S3ClientConfig } from '@aws-sdk/client-s3'
import { ArchiveError } from '@mediakeep/content'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import pRetry from 'p-retry'
import type { S3Action } from './s3-advice.ts'
import { translate } from './s3-errors.ts'
import { leanHead, type LeanHead } from './s3-lean-head.ts'
import { SLOWEST_BYTES_PER_MS } from './s3-progress.ts'
import type { Wire } from './s3-wire.ts'

export interface S3ConnectionOptions {
  readonly bucket: string
  /** Only for stores other than AWS: `https://s3.example.org`. */
  readonly endpoint?: string | undefined
  readonly forcePathStyle?: boolean | undefined
  readonly region?: string | undefined
  /** Default: the AWS SDK's own chain (environment, profile, instance role). */
  readonly credentials?: S3ClientConfig['credentials']
  /** Ends a request after this much silence, or when slower than 32 KiB/s beyond this time. Default 30,000. */
  readonly requestTimeoutMs?: number | undefined
  /** Default 5,000. */
  readonly connectionTimeoutMs?: number | undefined
  /** Attempts per request, including the first. Default 5. */
  readonly maxAttempts?: number | undefined
  /** Pause before the second attempt, randomly one to two times this; doubles with each attempt. Default 250. */
  readonly backoffMs?: number | undefined
  /** `WHEN_SUPPORTED` also sends the SDK's checksum headers, which some stores refuse. Default `WHEN_REQUIRED`. */
  readonly checksums?: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED' | undefined
  /** Encryption to request for new objects. Default: the bucket decides. */
  readonly encryption?: S3Encryption | undefined
}

interface S3Encryption {
  readonly algorithm: 'AES256' | 'aws:kms'
  /** A KMS key: id, ARN or alias. Default: the account's own. */
  readonly kmsKeyId?: string | undefined
}

interface CallOptions {
  /** For messages, and to name the required permission. */
  readonly action: S3Action
  readonly key: string
  readonly signal?: AbortSignal | undefined
  /** Number of bytes to send. */
  readonly byteSize?: number
}

/** Options passed to the SDK along with the command. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal
  readonly requestTimeout: number
}

/** A bucket, and the client to access it. */
export interface S3Store {
  readonly client: S3Client
  readonly head: LeanHead
  readonly bucket: string
  readonly checksums: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED'
  /** Parameters of every request that creates an object. */
  readonly encryption: Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId'>
  readonly maxAttempts: number
  readonly requestTimeoutMs: number
  /** Runs a request until it succeeds or another attempt is pointless. @throws ArchiveError, ArchiveMissError */
  call<T>(options: CallOptions, send: (options: SendOptions) => Promise<T>): Promise<T>
  /** Repeats `attempt`, with pauses, as long as its error is `worth` it. */
  retry<T>(
    attempt: () => Promise<T>,
    signal: AbortSignal | undefined,
    worth: (error: Error) => boolean,
  ): Promise<T>
}

const MAX_SOCKETS = 256

function isRetryable(error: Error): boolean {
  return error instanceof ArchiveError && error.retryable
}

function silent(): void {
  // The SDK warns on the console that it does not retry streams, but we do.
}

function createClient(options: S3ConnectionOptions, wire: Wire, requestTimeoutMs: number): S3Client {
  const checksums = options.checksums ?? 'WHEN_REQUIRED'
  const { endpoint, region, credentials } = options
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: options.forcePathStyle ?? false,
    maxAttempts: 1,
    // Otherwise every upload opens a new connection.
    expectContinueHeader: false,
    requestChecksumCalculation: checksums,
    // Reads are checked by their digest, which is more informative than a failed stream.
    responseChecksumValidation: 'WHEN_REQUIRED',
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    requestHandler: new NodeHttpHandler({
      ...wire,
      requestTimeout: requestTimeoutMs,
      socketTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  })
}

function encryptionOf({ encryption }: S3ConnectionOptions): S3Store['encryption'] {
  if (encryption === undefined) return {}
  const { algorithm, kmsKeyId } = encryption
  return { ServerSideEncryption: algorithm, ...(kmsKeyId === undefined ? {} : { SSEKMSKeyId: kmsKeyId }) }
}

/** Limit for a slow answer, in request timeouts. AWS deliberately trickles while it completes a large upload. */
const BODY_TIMEOUTS = 5

/** Aborts a request whose answer does not end; does not touch the value it resolves with. */
async function withDeadline<T>(
  ms: number,
  signal: AbortSignal | undefined,
  send: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), ms)
  try {
    return await send(AbortSignal.any([late.signal, ...(signal ? [signal] : [])]))
  } catch (error) {
    if (!late.signal.aborted || signal?.aborted === true) throw error
    const timeout = new Error(`the response did not end within ${ms} ms`, { cause: error })
    throw Object.assign(timeout, { name: 'TimeoutError' })
  } finally {
    clearTimeout(timer)
  }
}

export function openS3Store(options: S3ConnectionOptions): S3Store {
  const { bucket, maxAttempts = 5, backoffMs = 250, requestTimeoutMs = 30_000 } = options
  const agentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS }
  const wire = {
    httpAgent: new HttpAgent(agentOptions),
    httpsAgent: new HttpsAgent(agentOptions),
    connectionTimeout: options.connectionTimeoutMs ?? 5000,
  }
  const client = createClient(options, wire, requestTimeoutMs)
  const retry: S3Store['retry'] = (attempt, signal, worth) =>
    pRetry(attempt, {
      retries: maxAttempts - 1,
      minTimeout: backoffMs,
      maxTimeout: 20_000,
      randomize: true,
      shouldRetry: ({ error }) => worth(error),
      ...(signal ? { signal } : {}),
    })
  return {
    client,
    head: leanHead(client, bucket, wire),
    bucket,
    maxAttempts,
    requestTimeoutMs,
    checksums: options.checksums ?? 'WHEN_REQUIRED',
    encryption: encryptionOf(options),
    retry,
    call({ action, key, signal, byteSize = 0 }, send) {
      const requestTimeout = requestTimeoutMs + Math.ceil(byteSize / SLOWEST_BYTES_PER_MS)
      return retry(
        async () => {
          try {
            return await withDeadline(
              requestTimeout + BODY_TIMEOUTS * requestTimeoutMs,
              signal,
              (abortSignal) => send({ requestTimeout, abortSignal }),
            )
          } catch (error) {
            signal?.throwIfAborted()
            throw translate(error, action, key)
          }
        },
        signal,
        isRetryable,
      )
    },
  }
}
