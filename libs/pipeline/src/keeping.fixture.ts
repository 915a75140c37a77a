import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { openS3Archive } from '@mediakeep/archive'
import { openCache, type FileCache } from '@mediakeep/cache'
import { digestBytes } from '@mediakeep/checksum'
import { archiveKey, cachePath, registerContents, type Archive, type Content } from '@mediakeep/content'
import type { StageLog } from '@mediakeep/lease'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { startFauxqs } from 'fauxqs'

export const silent: StageLog = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** What an S3 archive of a test is opened with; a child process gets it as JSON. */
export type ArchiveOptions = Parameters<typeof openS3Archive>[0]

/** A database, a cache and an archive of a test file's own: all real. */
export interface Keeping {
  readonly db: TestDatabase
  readonly cache: FileCache
  readonly archive: Archive
  readonly archiveOptions: ArchiveOptions
  /** Keys in the bucket. */
  objects(): Promise<string[]>
  /** Overwrites an object's bytes and keeps its metadata, as a store that rots does. */
  rot(key: string): Promise<void>
  /** What the older tool wrote: no metadata. */
  putPlain(key: string, bytes: Buffer): Promise<void>
  empty(): Promise<void>
  close(): Promise<void>
}

export async function openKeeping(): Promise<Keeping> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-pipeline-'))
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
  server.createBucket('media')
  const archiveOptions = {
    bucket: 'media',
    endpoint: `http://127.0.0.1:${server.port}`,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
    backoffMs: 10,
  }
  const s3 = new S3Client(archiveOptions)
  const db = await createTestDatabase()
  const objects = async (): Promise<string[]> => {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'media' }))
    return (listed.Contents ?? []).map((object) => object.Key!)
  }
  return {
    db,
    cache: await openCache(join(folder, 'cache'), { create: true }),
    archive: openS3Archive(archiveOptions),
    archiveOptions,
    objects,
    async rot(key) {
      const object = await s3.send(new GetObjectCommand({ Bucket: 'media', Key: key }))
      const bytes = Buffer.from(await object.Body!.transformToByteArray())
      bytes[0] = bytes[0]! ^ 1
      await s3.send(new PutObjectCommand({ Bucket: 'media', Key: key, Body: bytes, Metadata: object.Metadata }))
    },
    async putPlain(key, bytes) {
      await s3.send(new PutObjectCommand({ Bucket: 'media', Key: key, Body: bytes }))
    },
    async empty() {
      await db.query('TRUNCATE mediakeep.contents, mediakeep.tasks, mediakeep.merged_media, public.posts CASCADE')
      for (const key of await objects()) await s3.send(new DeleteObjectCommand({ Bucket: 'media', Key: key }))
    },
    async close() {
      await db.drop()
      await server.stop()
      s3.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface Seeded {
  readonly content: Content
  readonly bytes: Buffer
  readonly path: string
  readonly key: string
  readonly mediaIds: string[]
}

let posts = 0

/** As the download stage leaves it: a file in the cache, a content in the archive's queue, rows that show it. */
export async function seed(
  { db, cache }: Pick<Keeping, 'db' | 'cache'>,
  { rows = 1, bytes = randomBytes(2000) }: { rows?: number; bytes?: Buffer } = {},
): Promise<Seeded> {
  const facts = { mediaType: 'image', mimeType: 'image/jpeg', extension: 'jpg', width: 4, height: 3 } as const
  const digests = digestBytes(bytes)
  const content = (await registerContents(db, [{ ...digests, ...facts }])).get(digests.sha256)!
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, bytes)
  await cache.put(temporary, cachePath(content), content)
  await db.query(
    `UPDATE mediakeep.contents SET cache_id = $2, archive_not_before = now()
     WHERE sha256_sum = $1 AND archive_url IS NULL`,
    [content.sha256, cache.id],
  )
  const mediaIds = Array.from({ length: rows }, () => `med-${String(++posts).padStart(8, '0')}`)
  await db.query(
    `WITH added AS (
       INSERT INTO public.posts (post_id, urn, posted_at_timestamp)
       SELECT 'p-' || id, 'urn:' || id, 0 FROM unnest($1::text[]) AS u (id))
     INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, source_host, fate,
       fetched_at, local_file_path, sha256_sum, md5_sum, byte_size, mime_type, updated_at)
     SELECT id, 'p-' || id, 'image', 'https://cdn.test/' || id, id, 'cdn.test', 'fetched', now(), $2, $3, $4, $5,
       'image/jpeg', now() - interval '1 day' FROM unnest($1::text[]) AS u (id)`,
    [mediaIds, cachePath(content), content.sha256, content.md5, content.byteSize],
  )
  return { content, bytes, path: cachePath(content), key: archiveKey(content), mediaIds }
}

export interface MediaRow {
  readonly fate: string
  readonly fate_reason: string | null
  readonly local_file_path: string | null
  readonly archive_url: string | null
  readonly updated_at: Date
}

export async function mediaRow(db: TestDatabase, mediaId: string): Promise<MediaRow> {
  const found = await db.query<MediaRow>('SELECT * FROM public.post_media WHERE media_id = $1', [mediaId])
  return found.rows[0]!
}

export interface ContentRow {
  readonly cache_id: string | null
  readonly archive_url: string | null
  readonly archive_verified_at: Date | null
  readonly archive_attempts: number
  readonly archive_not_before: Date | null
  readonly archive_lease_token: string | null
  readonly archive_error: string | null
}

export async function contentRow(db: TestDatabase, sha256: string): Promise<ContentRow | undefined> {
  const found = await db.query<ContentRow>('SELECT * FROM mediakeep.contents WHERE sha256_sum = $1', [sha256])
  return found.rows[0]
}
