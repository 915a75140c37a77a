import type { Readable } from 'node:stream'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { ArchiveError, type ArchiveSource } from '@mediakeep/content'
import { statusOf } from './s3-errors.ts'
import type { S3Store, SendOptions } from './s3-store.ts'
import { sourceBytes, sourceStream } from './source-body.ts'

/** Up to this size, a body is sent from memory with its headers; larger ones are streamed. */
export const BUFFERED_BYTES = 1024 * 1024

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}

function putCommand(
  store: S3Store,
  { key, mimeType, digests }: ArchiveSource,
  body: Buffer | Readable,
  conditional: boolean,
): PutObjectCommand {
  const command = new PutObjectCommand({
    Bucket: store.bucket,
    Key: key,
    Body: body,
    ContentLength: digests.byteSize,
    ContentType: mimeType,
    ContentMD5: base64(digests.md5),
    Metadata: { sha256: digests.sha256 },
    ...store.encryption,
    ...(conditional ? { IfNoneMatch: '*' } : {}),
    ...(store.checksums === 'WHEN_SUPPORTED' ? { ChecksumSHA256: base64(digests.sha256) } : {}),
  })
  // The signer uses an existing digest: the store then checks the bytes against the digest we know, and we
  // need not hash them again.
  command.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { headers: Record<string, string> }
      request.headers['x-amz-content-sha256'] = digests.sha256
      return next(args)
    },
    { step: 'build', name: 'knownDigest' },
  )
  return command
}

async function sendStream(
  store: S3Store,
  source: ArchiveSource,
  conditional: boolean,
  options: SendOptions,
): Promise<void> {
  const body = sourceStream(source)
  const broken = new AbortController()
  // The SDK uses pipe(), which does not report errors of the source.
  body.once('error', (error) => broken.abort(error))
  const abortSignal = AbortSignal.any([broken.signal, ...(options.abortSignal ? [options.abortSignal] : [])])
  try {
    await store.client.send(putCommand(store, source, body, conditional), { ...options, abortSignal })
  } catch (error) {
    broken.signal.throwIfAborted()
    throw error
  } finally {
    body.destroy()
  }
}

async function sendBuffer(
  store: S3Store,
  source: ArchiveSource,
  conditional: boolean,
  options: SendOptions,
): Promise<void> {
  const body = await sourceBytes(source)
  await store.client.send(putCommand(store, source, body, conditional), options)
}

/**
 * Uploads in one request, from a fresh reader on each attempt.
 * @returns `exists` if the condition failed, `unsupported` if the store does not support conditions
 */
async function putSingle(
  store: S3Store,
  source: ArchiveSource,
  conditional: boolean,
  signal?: AbortSignal,
): Promise<'sent' | 'exists' | 'unsupported'> {
  const { byteSize } = source.digests
  const send = byteSize <= BUFFERED_BYTES ? sendBuffer : sendStream
  try {
    await store.call({ action: 'PUT', key: source.key, signal, byteSize }, (options) =>
      send(store, source, conditional, options),
    )
    return 'sent'
  } catch (error) {
    if (error instanceof ArchiveError && statusOf(error) === 412) return 'exists'
    if (error instanceof ArchiveError && statusOf(error) === 501 && conditional) return 'unsupported'
    throw error
  }
}

export interface ConditionalPut {
  /** True once the store is known to refuse overwriting. */
  conditional(): boolean
  put(source: ArchiveSource, signal?: AbortSignal): Promise<'sent' | 'exists'>
}

/**
 * Some stores honour `If-None-Match: *`, some refuse it, and some ignore it and overwrite. The first small upload
 * is sent twice to find out.
 */
export function conditionalPut(store: S3Store): ConditionalPut {
  let condition: 'kept' | 'ignored' | 'trying' | undefined
  return {
    conditional: () => condition === 'kept',
    async put(source, signal) {
      const answer = await putSingle(store, source, condition !== 'ignored', signal)
      if (answer === 'exists') condition = 'kept'
      if (answer === 'unsupported') {
        condition = 'ignored'
        await putSingle(store, source, false, signal)
        return 'sent'
      }
      if (condition === undefined && source.digests.byteSize <= BUFFERED_BYTES) {
        condition = 'trying'
        const repeated = await putSingle(store, source, true, signal).catch(() => undefined)
        condition = repeated && (repeated === 'exists' ? 'kept' : 'ignored')
      }
      return answer
    },
  }
}
