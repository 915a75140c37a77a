import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { ArchiveError, ArchiveMissError, type Archive, type ArchiveSource } from '@mediakeep/content'
import PQueue from 'p-queue'
import { partSlots } from './part-slots.ts'
import { putMultipart } from './s3-multipart.ts'
import { UnprovenUpload } from './unproven-upload.ts'
import { headObject, readsAs } from './s3-read.ts'
import { BUFFERED_BYTES, conditionalPut } from './s3-single.ts'
import type { S3Store } from './s3-store.ts'
import { SourceFailure } from './source-body.ts'

export interface S3UploadOptions {
  /** Uploads larger than this many bytes are sent in parts. Default 100 MiB. */
  readonly multipartThreshold?: number | undefined
  /** In bytes, at least 5 MiB. Default 8 MiB. */
  readonly partSize?: number | undefined
  /** Concurrent uploads; others wait. Default 16. At most four parts are in memory, over all uploads. */
  readonly concurrency?: number | undefined
}

const PARTS_AT_ONCE = 4
const MEBIBYTE = 1024 * 1024

/** `damaged`: claims to be our content but is not, so nothing of value is lost if it is removed. */
type Proof = 'proved' | 'missing' | 'damaged' | 'other'

/** Compares the object under the key with the source. */
async function prove(store: S3Store, { key, digests }: ArchiveSource, signal?: AbortSignal): Promise<Proof> {
  const found = await headObject(store, key, signal)
  if (!found) return 'missing'
  const claimed = found.sha256 === digests.sha256
  const wrong = claimed ? 'damaged' : 'other'
  if (found.byteSize !== digests.byteSize || (found.sha256 !== undefined && !claimed)) return wrong
  // If the ETag is the MD5, the store computed it from the received bytes. Other ETags (multipart, KMS) say
  // nothing, and some stores just echo the request in their checksum headers.
  if (claimed && found.etag === digests.md5) return 'proved'
  try {
    return (await readsAs(store, key, digests, signal)) ? 'proved' : wrong
  } catch (error) {
    if (error instanceof ArchiveMissError) return 'missing'
    throw error
  }
}

export async function removeObject(store: S3Store, key: string): Promise<void> {
  const command = new DeleteObjectCommand({ Bucket: store.bucket, Key: key })
  try {
    await store.call({ action: 'DELETE', key }, (options) => store.client.send(command, options))
  } catch (error) {
    if (!(error instanceof ArchiveMissError)) throw error
  }
}

function unproven(key: string, proof: Proof): UnprovenUpload {
  const found = proof === 'missing' ? 'nothing' : 'other bytes'
  const code = proof === 'missing' ? 'unavailable' : 'digest_mismatch'
  const message = `PUT ${key}: the store answered with success and has ${found}`
  return new UnprovenUpload(code, message, { retryable: true })
}

export function s3Uploader(store: S3Store, options: S3UploadOptions): Archive['put'] {
  const { multipartThreshold = 100 * MEBIBYTE, partSize = 8 * MEBIBYTE, concurrency = 16 } = options
  const uploads = new PQueue({ concurrency })
  const parts = partSlots(PARTS_AT_ONCE)
  const single = conditionalPut(store)

  /** @returns true if the content is there; removes a damaged copy */
  async function accepts(source: ArchiveSource, proof: Proof): Promise<boolean> {
    if (proof === 'other')
      throw new ArchiveError('conflict', `A different content is already archived under ${source.key}`)
    if (proof === 'damaged') await removeObject(store, source.key)
    return proof === 'proved'
  }

  async function upload(source: ArchiveSource, signal?: AbortSignal): Promise<'stored' | 'present'> {
    const { byteSize } = source.digests
    // Small ones are sent at once if the store itself reports an existing object.
    if (byteSize > BUFFERED_BYTES || !single.conditional()) {
      if (await accepts(source, await prove(store, source, signal))) return 'present'
    }
    const sent =
      byteSize > multipartThreshold
        ? await putMultipart(store, source, { partSize, parts, conditional: single.conditional(), signal })
        : await single.put(source, signal)
    const proof = await prove(store, source, signal)
    if (!(await accepts(source, proof))) throw unproven(source.key, proof)
    return sent === 'exists' ? 'present' : 'stored'
  }

  // Two concurrent multipart uploads would abort each other as leftovers; of two others, one would be wasted.
  const underWay = new Map<string, Promise<'stored' | 'present'>>()
  async function oneByOne(
    key: string,
    work: () => Promise<'stored' | 'present'>,
  ): Promise<'stored' | 'present'> {
    for (let other = underWay.get(key); other; other = underWay.get(key)) await other.catch(() => undefined)
    const mine = work().finally(() => underWay.delete(key))
    underWay.set(key, mine)
    return mine
  }

  return async (source, signal) => {
    const attempt = (): Promise<'stored' | 'present'> => upload(source, signal)
    const again = (error: Error): boolean => error instanceof UnprovenUpload
    try {
      // Not the queue's own signal, which would not wait for the cleanup.
      const queued = (): Promise<'stored' | 'present'> =>
        uploads.add(() => store.retry(attempt, signal, again))
      return await oneByOne(source.key, queued)
    } catch (error) {
      throw error instanceof SourceFailure ? error.cause : error
    }
  }
}
