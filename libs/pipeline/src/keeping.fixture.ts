import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { openFileArchive, openS3Archive } from '@mediakeep/archive'
import { openCache, type FileCache } from '@mediakeep/cache'
import type { Archive } from '@mediakeep/content'
import { FATE_CHANGES } from '@mediakeep/media'
import { allowOnlyChanges, createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { startFauxqs } from 'fauxqs'

/** Options for opening a test archive; a child process receives them as JSON. */
export type ArchiveOptions =
  | ({ readonly kind: 's3' } & Parameters<typeof openS3Archive>[0])
  | { readonly kind: 'file'; readonly folder: string }

/** A real database, cache and archive for one test file. */
export interface Keeping {
  readonly db: TestDatabase
  readonly cache: FileCache
  readonly archive: Archive
  readonly archiveOptions: ArchiveOptions
  /** Keys in the archive. */
  objects(): Promise<string[]>
  /** Flips a bit of an object and keeps its metadata, like bit rot in a store. */
  rot(key: string): Promise<void>
  /** Writes an object like the older tool, without metadata. */
  putPlain(key: string, bytes: Buffer): Promise<void>
  empty(): Promise<void>
  close(): Promise<void>
}

interface RawStore extends Pick<Keeping, 'objects' | 'rot' | 'putPlain'> {
  readonly options: ArchiveOptions
  stop(): Promise<void>
}

export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  return options.kind === 's3' ? openS3Archive(options) : openFileArchive(options.folder)
}

export async function openKeeping(kind: 's3' | 'file'): Promise<Keeping> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-pipeline-'))
  const { options, stop, ...store } = kind === 's3' ? await startS3() : fileStore(join(folder, 'archive'))
  const archive = await openArchive(options)
  const db = await createTestDatabase()
  await allowOnlyChanges(db, { table: 'public.post_media', column: 'fate', changes: FATE_CHANGES })
  return {
    ...store,
    db,
    archive,
    archiveOptions: options,
    cache: await openCache(join(folder, 'cache'), { create: true }),
    async empty() {
      await db.query(
        'TRUNCATE mediakeep.contents, mediakeep.quarantine, mediakeep.tasks, mediakeep.merged_media, mediakeep.events, mediakeep.caches, public.posts CASCADE',
      )
      for (const key of await store.objects()) await archive.remove(key)
    },
    async close() {
      await db.drop()
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Settings for an unreachable store. */
export const s3Away = {
  bucket: 'media',
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 2,
  backoffMs: 10,
}

async function startS3(): Promise<RawStore> {
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
  server.createBucket('media')
  const options = {
    kind: 's3',
    bucket: 'media',
    endpoint: `http://127.0.0.1:${String(server.port)}`,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
    backoffMs: 10,
  } as const
  const s3 = new S3Client(options)
  return {
    options,
    async objects() {
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'media' }))
      return (listed.Contents ?? []).map((object) => object.Key!)
    },
    async rot(key) {
      const object = await s3.send(new GetObjectCommand({ Bucket: 'media', Key: key }))
      const bytes = flipped(await object.Body!.transformToByteArray())
      await s3.send(
        new PutObjectCommand({ Bucket: 'media', Key: key, Body: bytes, Metadata: object.Metadata }),
      )
    },
    async putPlain(key, bytes) {
      await s3.send(new PutObjectCommand({ Bucket: 'media', Key: key, Body: bytes }))
    },
    async stop() {
      s3.destroy()
      await server.stop()
    },
  }
}

function fileStore(folder: string): RawStore {
  return {
    options: { kind: 'file', folder },
    async objects() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile() && entry.name.endsWith('.jpg'))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
        .sort()
    },
    async rot(key) {
      await writeFile(join(folder, key), flipped(await readFile(join(folder, key))))
    },
    async putPlain(key, bytes) {
      await mkdir(dirname(join(folder, key)), { recursive: true })
      await writeFile(join(folder, key), bytes)
    },
    stop: () => Promise.resolve(),
  }
}

function flipped(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes)
  copy[0] = copy[0]! ^ 1
  return copy
}
