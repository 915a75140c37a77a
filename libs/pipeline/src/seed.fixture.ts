import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestBytes } from '@mediakeep/checksum'
import { archiveKey, cachePath, type Content } from '@mediakeep/content'
import type { StageLog } from '@mediakeep/lease'
import { registerContents } from '@mediakeep/media'
import type { TestDatabase } from '@mediakeep/testing'
import { archiveStage } from './archive/archive-stage.ts'
import type { Keeping } from './keeping.fixture.ts'

export const silent: StageLog = { info: () => undefined, warn: () => undefined, error: () => undefined }

export interface Seeded {
  readonly content: Content
  readonly bytes: Buffer
  readonly path: string
  readonly key: string
  readonly mediaIds: string[]
}

let posts = 0

/** Creates what the download stage produces: a cached file, a content queued for the archive, rows that show it. */
export async function seed(
  { db, cache }: Pick<Keeping, 'db' | 'cache'>,
  {
    rows = 1,
    bytes = randomBytes(2000),
    isInspected = true,
  }: { rows?: number; bytes?: Buffer; isInspected?: boolean } = {},
): Promise<Seeded> {
  const types = { mediaType: 'image', mimeType: 'image/jpeg', extension: 'jpg' } as const
  const facts = isInspected ? { ...types, width: 4, height: 3 } : types
  const digests = digestBytes(bytes)
  const content = (await registerContents(db, [{ ...digests, ...facts, isInspected }])).get(digests.sha256)!
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, bytes)
  await cache.put(temporary, cachePath(content), content)
  await db.query(
    `UPDATE mediakeep.contents SET cache_id = $2, inspect_not_before = now(),
       archive_not_before = CASE WHEN inspected_at IS NOT NULL THEN now() END
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
  readonly width: number | null
  readonly height: number | null
}

export async function mediaRow(db: TestDatabase, mediaId: string): Promise<MediaRow> {
  const found = await db.query<MediaRow>('SELECT * FROM public.post_media WHERE media_id = $1', [mediaId])
  return found.rows[0]!
}

export interface ContentRow {
  readonly cache_id: string | null
  readonly archive_url: string | null
  readonly archive_missing_since: Date | null
  readonly missing_from: string[]
  readonly archive_verified_at: Date | null
  readonly archive_attempts: number
  readonly archive_not_before: Date | null
  readonly archive_lease_token: string | null
  readonly archive_error: string | null
  readonly inspected_at: Date | null
  readonly inspect_error: string | null
  readonly inspect_parked_at: Date | null
  readonly rejected_reason: string | null
}

export async function contentRow(db: TestDatabase, sha256: string): Promise<ContentRow | undefined> {
  const found = await db.query<ContentRow>('SELECT * FROM mediakeep.contents WHERE sha256_sum = $1', [sha256])
  return found.rows[0]
}

/** Puts a content and its rows in the state after a person rejected it. */
export async function reject(db: TestDatabase, { content }: Seeded): Promise<void> {
  await db.query(
    `UPDATE mediakeep.contents SET rejected_at = now(), rejected_reason = 'a login page', archive_not_before = NULL,
       inspected_at = NULL, inspect_not_before = now() WHERE sha256_sum = $1`,
    [content.sha256],
  )
  await db.query(
    `UPDATE public.post_media SET fate = 'rejected', fate_reason = 'a login page' WHERE sha256_sum = $1`,
    [content.sha256],
  )
}

export async function archiveAll(keeping: Keeping): Promise<void> {
  const stage = archiveStage({ ...keeping, concurrency: 4, leaseSeconds: 30, log: silent })
  await stage.drain(new AbortController().signal)
}

/** Puts a content in the state after a person took back its rejection. */
export async function unreject(db: TestDatabase, { content }: Seeded): Promise<void> {
  await db.query(
    `WITH wanted AS (UPDATE mediakeep.quarantine SET release_requested_at = now() WHERE sha256_sum = $1),
     shown AS (UPDATE public.post_media SET fate = 'fetched', fate_reason = NULL WHERE sha256_sum = $1)
     UPDATE mediakeep.contents SET rejected_at = NULL, rejected_reason = NULL, released_at = now()
     WHERE sha256_sum = $1`,
    [content.sha256],
  )
}

/** The files listed as being in quarantine, with their bytes. */
export async function quarantined({
  db,
  cache,
}: Pick<Keeping, 'db' | 'cache'>): Promise<{ sha256: string; reason: string; bytes: Buffer }[]> {
  const { rows } = await db.query<{ sha256: string; reason: string; name: string }>(
    `SELECT sha256_sum AS sha256, reason, file_name AS name FROM mediakeep.quarantine
     WHERE released_at IS NULL AND removed_at IS NULL ORDER BY quarantined_at, file_name`,
  )
  return Promise.all(
    rows.map(async ({ name, ...row }) => ({
      ...row,
      bytes: await readFile(join(cache.root, 'quarantine', name)),
    })),
  )
}
