import { GetObjectCommand, HeadBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { ArchiveError, ArchiveMissError, type Archive, type ArchiveCheck } from '@mediakeep/content'
import type { Digests } from '@mediakeep/checksum'
import { isKey } from './key.ts'
import { abandonLeftovers } from './s3-multipart.ts'
import { removeObject, s3Uploader, type S3UploadOptions } from './s3-put.ts'
import { headObject, openObject, readsAs } from './s3-read.ts'
import { openS3Store, type S3ConnectionOptions, type S3Store } from './s3-store.ts'

export interface S3ArchiveOptions extends S3ConnectionOptions, S3UploadOptions {}

/** The maximum that signature version 4 allows. */
const MAX_PRESIGNED_SECONDS = 7 * 24 * 60 * 60

async function verifyHead(
  store: S3Store,
  key: string,
  digests: Digests,
  signal?: AbortSignal,
): Promise<ArchiveCheck> {
  const head = await headObject(store, key, signal)
  if (!head) return 'missing'
  if (head.byteSize !== digests.byteSize) return 'corrupt'
  if (head.sha256 === undefined) return 'unproven'
  return head.sha256 === digests.sha256 ? 'ok' : 'corrupt'
}

async function verifyDeep(
  store: S3Store,
  key: string,
  digests: Digests,
  signal?: AbortSignal,
): Promise<ArchiveCheck> {
  try {
    return (await readsAs(store, key, digests, signal)) ? 'ok' : 'corrupt'
  } catch (error) {
    if (error instanceof ArchiveMissError) return 'missing'
    throw error
  }
}

async function ping(store: S3Store, signal?: AbortSignal): Promise<void> {
  try {
    const command = new HeadBucketCommand({ Bucket: store.bucket })
    await store.call({ action: 'HEAD bucket', key: store.bucket, signal }, (options) =>
      store.client.send(command, options),
    )
  } catch (error) {
    if (error instanceof ArchiveMissError) throw bucketMissing(store, error)
    if (error instanceof ArchiveError && error.code === 'denied') await explainDenial(store, signal)
    throw error
  }
}

function bucketMissing({ bucket }: S3Store, cause: unknown): ArchiveError {
  const message = `There is no bucket ${bucket} at this endpoint: check S3_BUCKET, S3_ENDPOINT and AWS_REGION`
  return new ArchiveError('bucket_missing', message, { cause })
}

/** HEAD answers have no body, so a listing, which needs the same permission, shows which credential is wrong. */
async function explainDenial(store: S3Store, signal?: AbortSignal): Promise<void> {
  const command = new ListObjectsV2Command({ Bucket: store.bucket, MaxKeys: 1 })
  await store.call({ action: 'List', key: store.bucket, signal }, (options) =>
    store.client.send(command, options),
  )
}

/** Opens a bucket as the archive. The credentials must allow to get, put, delete and list its objects. */
export function openS3Archive(options: S3ArchiveOptions): Archive {
  const store = openS3Store(options)
  const root = `s3://${store.bucket}/`
  return {
    kind: 's3',
    urlOf: (key) => root + key,
    keyOf(url) {
      const key = url.slice(root.length)
      return url.startsWith(root) && isKey(key) ? key : undefined
    },
    put: s3Uploader(store, options),
    async head(key, signal) {
      const head = await headObject(store, key, signal)
      return head && { key, byteSize: head.byteSize, sha256: head.sha256 }
    },
    open: (key, range, signal) => openObject(store, key, range, signal),
    verify: (key, digests, depth, signal) =>
      (depth === 'head' ? verifyHead : verifyDeep)(store, key, digests, signal),
    async remove(key) {
      await removeObject(store, key)
      await abandonLeftovers(store, key)
    },
    presign(key, seconds) {
      const command = new GetObjectCommand({ Bucket: store.bucket, Key: key })
      return getSignedUrl(store.client, command, { expiresIn: Math.min(seconds, MAX_PRESIGNED_SECONDS) })
    },
    ping: (signal) => ping(store, signal),
  }
}
