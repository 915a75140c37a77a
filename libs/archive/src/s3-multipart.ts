import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3'
import { ArchiveError, ArchiveMissError, type ArchiveSource } from '@mediakeep/content'
import type { PartSlots } from './part-slots.ts'
import { statusOf } from './s3-errors.ts'
import type { S3Store } from './s3-store.ts'
import { sourceBuffer } from './source-body.ts'
import { UnprovenUpload } from './unproven-upload.ts'

const MAX_PARTS = 10_000

export interface MultipartOptions {
  /** In bytes. */
  readonly partSize: number
  readonly parts: PartSlots
  readonly conditional: boolean
  readonly signal?: AbortSignal | undefined
}

/** Byte offsets in the whole source, both inclusive. */
interface PartRange {
  readonly start: number
  readonly end: number
}

interface Upload {
  readonly source: ArchiveSource
  readonly uploadId: string
  readonly signal: AbortSignal
}

function rangesOf(byteSize: number, wanted: number): PartRange[] {
  const size = Math.max(wanted, Math.ceil(byteSize / MAX_PARTS))
  const count = Math.max(1, Math.ceil(byteSize / size))
  return Array.from({ length: count }, (_, index) => ({
    start: index * size,
    end: Math.min(byteSize, (index + 1) * size) - 1,
  }))
}

async function sendPart(
  store: S3Store,
  { source, uploadId, signal }: Upload,
  partNumber: number,
  range: PartRange,
  buffer: Buffer,
): Promise<CompletedPart> {
  const byteSize = range.end - range.start + 1
  const body = await sourceBuffer(source, byteSize, range, buffer)
  const md5 = createHash('md5').update(body).digest('base64')
  const sent = await store.call({ action: 'PUT part of', key: source.key, signal, byteSize }, (options) =>
    store.client.send(
      new UploadPartCommand({
        Bucket: store.bucket,
        Key: source.key,
        UploadId: uploadId,
        PartNumber: partNumber,
        Body: body,
        ContentMD5: md5,
      }),
      options,
    ),
  )
  return {
    PartNumber: partNumber,
    ETag: sent.ETag,
    ...(sent.ChecksumCRC32 === undefined ? {} : { ChecksumCRC32: sent.ChecksumCRC32 }),
  }
}

/** Sends all parts. On the first failure it cancels the others, and returns once none is active. */
async function sendParts(
  store: S3Store,
  upload: Omit<Upload, 'signal'>,
  { partSize, parts, signal }: MultipartOptions,
): Promise<CompletedPart[]> {
  const failed = new AbortController()
  const either = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])])
  const sending = rangesOf(upload.source.digests.byteSize, partSize).map((range, index) =>
    parts.use(range.end - range.start + 1, async (buffer) => {
      try {
        either.throwIfAborted()
        return await sendPart(store, { ...upload, signal: either }, index + 1, range, buffer)
      } catch (error) {
        failed.abort(error)
        throw error
      }
    }),
  )
  const settled = await Promise.allSettled(sending)
  either.throwIfAborted()
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

async function complete(
  store: S3Store,
  upload: Omit<Upload, 'signal'>,
  sent: CompletedPart[],
  { conditional, signal }: MultipartOptions,
): Promise<'sent' | 'exists'> {
  const { key } = upload.source
  const command = new CompleteMultipartUploadCommand({
    Bucket: store.bucket,
    Key: key,
    UploadId: upload.uploadId,
    MultipartUpload: { Parts: sent },
    ...(conditional ? { IfNoneMatch: '*' } : {}),
  })
  try {
    await store.call({ action: 'Complete', key, signal }, (options) => store.client.send(command, options))
    return 'sent'
  } catch (error) {
    // The upload is gone: perhaps an earlier attempt succeeded and only its answer was lost. The object is read
    // back anyway.
    if (error instanceof ArchiveMissError) return 'sent'
    if (statusOf(error) !== 412) throw error
    await abandon(store, key, upload.uploadId)
    return 'exists'
  }
}

async function abort(store: S3Store, key: string, uploadId: string): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: store.bucket, Key: key, UploadId: uploadId })
  try {
    await store.call({ action: 'Abort', key }, (options) => store.client.send(command, options))
  } catch (error) {
    // Already gone, as intended.
    if (!(error instanceof ArchiveMissError)) throw error
  }
}

async function abandon(store: S3Store, key: string, uploadId: string): Promise<void> {
  try {
    await abort(store, key, uploadId)
  } catch (error) {
    // Unreachable: the next upload of this key aborts it.
    if (!(error instanceof ArchiveError)) throw error
  }
}

/** Aborts uploads of this key that a killed process left: their parts are stored, and billed, until then. */
export async function abandonLeftovers(store: S3Store, key: string, signal?: AbortSignal): Promise<void> {
  const command = new ListMultipartUploadsCommand({ Bucket: store.bucket, Prefix: key })
  try {
    const listed = await store.call({ action: 'List uploads of', key, signal }, (options) =>
      store.client.send(command, options),
    )
    for (const upload of listed.Uploads ?? []) {
      if (upload.Key === key && upload.UploadId !== undefined) await abort(store, key, upload.UploadId)
    }
  } catch (error) {
    // Listing needs a separate permission, and some stores lack it; an upload needs neither.
    const refused = error instanceof ArchiveError && !error.retryable
    if (!refused && !(error instanceof ArchiveMissError)) throw error
  }
}

/** Uploads in parts, each with its MD5. The object appears all at once, or not at all. */
export async function putMultipart(
  store: S3Store,
  source: ArchiveSource,
  options: MultipartOptions,
): Promise<'sent' | 'exists'> {
  const { key } = source
  let creations = 0
  await abandonLeftovers(store, key, options.signal)
  try {
    const uploadId = await create(store, source, options, () => creations++)
    return await sendUpload(store, { source, uploadId }, options)
  } finally {
    // If the creation was repeated, the first one may have succeeded without our knowledge. If unreachable,
    // the next upload of this key aborts it.
    if (creations > 1) await abandonLeftovers(store, key).catch(() => undefined)
  }
}

async function create(
  store: S3Store,
  { key, digests, mimeType }: ArchiveSource,
  { signal }: MultipartOptions,
  onAttempt: () => void,
): Promise<string> {
  const command = new CreateMultipartUploadCommand({
    Bucket: store.bucket,
    Key: key,
    ContentType: mimeType,
    Metadata: { sha256: digests.sha256 },
    ...store.encryption,
  })
  const created = await store.call({ action: 'Create', key, signal }, (options) => {
    onAttempt()
    return store.client.send(command, options)
  })
  if (created.UploadId === undefined) throw new ArchiveError('rejected', `Create ${key}: no upload id`)
  return created.UploadId
}

async function sendUpload(
  store: S3Store,
  upload: Omit<Upload, 'signal'>,
  options: MultipartOptions,
): Promise<'sent' | 'exists'> {
  const { key } = upload.source
  try {
    return await complete(store, upload, await sendParts(store, upload, options), options)
  } catch (error) {
    await abandon(store, key, upload.uploadId)
    if (!(error instanceof ArchiveMissError)) throw error
    // Another process aborted it as a leftover.
    throw new UnprovenUpload('unavailable', `PUT ${key}: the upload is gone`, {
      retryable: true,
      cause: error,
    })
  }
}
