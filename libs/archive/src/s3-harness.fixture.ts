import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { startFauxqs } from 'fauxqs'
import type { ArchiveHarness } from './harness.fixture.ts'
import { MEBIBYTE } from './harness.fixture.ts'
import { openS3Archive, type S3ArchiveOptions } from './s3-archive.ts'

/** A store to run tests against, and how to reach it. */
export interface S3Target {
  readonly endpoint: string
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** The Ceph gateway named in the environment, if any. */
export function cephTarget(): S3Target | undefined {
  const {
    CEPH_S3_ENDPOINT: endpoint,
    CEPH_S3_ACCESS_KEY_ID: id,
    CEPH_S3_SECRET_ACCESS_KEY: secret,
  } = process.env
  if (!endpoint || !id || !secret) return undefined
  return { endpoint, credentials: { accessKeyId: id, secretAccessKey: secret } }
}

/** fauxqs: runs in this process, accepts any credentials and any bytes. */
export async function startFake(): Promise<S3Target & { stop(): Promise<void> }> {
  const server = await startFauxqs({ port: 0, logger: false })
  return {
    endpoint: `http://127.0.0.1:${server.port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    stop: () => server.stop(),
  }
}

function clientOf(target: S3Target): S3Client {
  return new S3Client({
    ...target,
    region: 'us-east-1',
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
}

let buckets = 0

export async function createBucket(target: S3Target): Promise<string> {
  buckets += 1
  const bucket = `test-${process.pid}-${Date.now()}-${buckets}`
  await clientOf(target).send(new CreateBucketCommand({ Bucket: bucket }))
  return bucket
}

/** Small parts and short timeouts. */
export function archiveOptions(target: S3Target, bucket: string): S3ArchiveOptions {
  return {
    ...target,
    bucket,
    region: 'us-east-1',
    forcePathStyle: true,
    backoffMs: 5,
    requestTimeoutMs: 20_000,
    multipartThreshold: 5 * MEBIBYTE,
    partSize: 5 * MEBIBYTE,
  }
}

/** `through` is the endpoint that the archive uses; `target` is the store itself. */
export async function s3Harness(
  target: S3Target,
  options: Partial<S3ArchiveOptions> = {},
): Promise<ArchiveHarness & { bucket: string; client: S3Client }> {
  const client = clientOf(target)
  const Bucket = await createBucket(target)
  return {
    bucket: Bucket,
    client,
    archive: openS3Archive({ ...archiveOptions(target, Bucket), ...options }),
    async plant(key, bytes, sha256) {
      const Metadata = sha256 === undefined ? {} : { sha256 }
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: bytes, Metadata }))
    },
    async list() {
      const objects = await client.send(new ListObjectsV2Command({ Bucket }))
      const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket }))
      return [
        ...(objects.Contents ?? []).map((object) => object.Key ?? ''),
        ...(uploads.Uploads ?? []).map((upload) => `upload of ${upload.Key ?? ''}`),
      ]
    },
  }
}
