import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3'
import type { Digests } from '@mediakeep/checksum'
import { ArchiveError, ArchiveMissError, type ArchivedObject, type ByteRange } from '@mediakeep/content'
import { translate } from './s3-errors.ts'
import type { ObjectHead } from './s3-lean-head.ts'
import { withProgress } from './s3-progress.ts'
import type { S3Store, SendOptions } from './s3-store.ts'

export interface S3Object extends ArchivedObject {
  /** Without quotes. The MD5 of the bytes if uploaded in one request without KMS encryption. */
  readonly etag?: string | undefined
}

export async function headObject(
  store: S3Store,
  key: string,
  signal?: AbortSignal,
): Promise<S3Object | undefined> {
  try {
    const head = await store.call({ action: 'HEAD', key, signal }, async (options) => {
      const answer = await store.head(key, options)
      return answer === 'unclear' ? await headBySdk(store, key, options) : answer
    })
    if (head === 'missing') return undefined
    const { sha256, etag } = head
    // Some stores answer HEAD without a length; an unknown length must not count as a wrong one.
    const byteSize = head.byteSize ?? (await lengthByGet(store, key, signal))
    return { key, byteSize, sha256, etag: etag?.replaceAll('"', '') }
  } catch (error) {
    if (error instanceof ArchiveMissError) return undefined
    throw error
  }
}

async function headBySdk(store: S3Store, key: string, options: SendOptions): Promise<ObjectHead> {
  const command = new HeadObjectCommand({ Bucket: store.bucket, Key: key })
  const head = await store.client.send(command, options)
  return { byteSize: head.ContentLength, sha256: head.Metadata?.['sha256'], etag: head.ETag }
}

/** @throws ArchiveError if the store does not send the length here either */
async function lengthByGet(store: S3Store, key: string, signal?: AbortSignal): Promise<number> {
  const { body, byteSize } = await get(store, { key, range: undefined, signal })
  body.destroy()
  return byteSize
}

interface Reading {
  readonly key: string
  readonly range: ByteRange | undefined
  readonly signal: AbortSignal | undefined
}

async function get(
  store: S3Store,
  { key, range, signal }: Reading,
  etag?: string,
): Promise<{ body: Readable; byteSize: number; etag: string | undefined }> {
  const whole = range === undefined || (range.start === 0 && range.end === undefined)
  const command = new GetObjectCommand({
    Bucket: store.bucket,
    Key: key,
    ...(whole ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }),
    ...(etag === undefined ? {} : { IfMatch: etag }),
  })
  const got: GetObjectCommandOutput = await store.call({ action: 'GET', key, signal }, (options) =>
    store.client.send(command, options),
  )
  const body = got.Body as Readable
  if (got.ContentLength === undefined || (!whole && got.ContentRange === undefined)) {
    body.destroy()
    throw new ArchiveError('rejected', `GET ${key}: the store ignores ranges, or does not state a length`)
  }
  return { body, byteSize: got.ContentLength, etag: got.ETag }
}

/** A connection that delivered fewer bytes before it failed counts as another consecutive failure. */
const PROGRESS_BYTES = 256 * 1024

/** A stream that resumes after a broken or stalled connection, as long as it makes progress. */
export async function openObject(
  store: S3Store,
  key: string,
  range?: ByteRange,
  signal?: AbortSignal,
): Promise<Readable> {
  const first = await get(store, { key, range, signal })
  const start = range?.start ?? 0
  const end = start + first.byteSize - 1
  let body = first.body
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    let next = start
    let failures = 0
    let sinceFailure = 0
    while (next <= end) {
      try {
        for await (const chunk of withProgress(body, `GET ${key}`, store.requestTimeoutMs)) {
          next += chunk.byteLength
          sinceFailure += chunk.byteLength
          if (sinceFailure >= PROGRESS_BYTES) failures = 0
          yield chunk
        }
        if (next <= end) throw new ArchiveError('network', `GET ${key}: cut off`, { retryable: true })
      } catch (error) {
        signal?.throwIfAborted()
        const failure = translate(error, 'GET', key)
        failures += 1
        sinceFailure = 0
        if (!(failure instanceof ArchiveError && failure.retryable) || failures >= store.maxAttempts)
          throw failure
        body = (await get(store, { key, range: { start: next, end }, signal }, first.etag)).body
      }
    }
  }
  const stream = Readable.from(chunks(), { objectMode: false, highWaterMark: 256 * 1024 })
  // A generator that never started runs no `finally` block that would release the connection.
  stream.once('close', () => body.destroy())
  return stream
}

/** Reads all bytes and compares their digests. */
export async function readsAs(
  store: S3Store,
  key: string,
  digests: Digests,
  signal?: AbortSignal,
): Promise<boolean> {
  const hash = createHash('sha256')
  let byteSize = 0
  for await (const chunk of (await openObject(store, key, undefined, signal)) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    byteSize += chunk.byteLength
  }
  return byteSize === digests.byteSize && hash.digest('hex') === digests.sha256
}
