import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCache, type FileCache } from '@mediakeep/cache'
import { openFetcher } from '@mediakeep/fetch'
import { createInspector, createSniffer } from '@mediakeep/inspect'
import type { Stage, StageLog } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { FATE_CHANGES } from '@mediakeep/media'
import { allowOnlyChanges, createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { openOrigin, type Origin, type Reply } from './origin.fixture.ts'
import { downloadStage, type DownloadStageOptions } from './stage.ts'

export interface MediaRow {
  ai_analysis: string | null
  media_id: string
  media_url: string
  media_type: string
  local_file_path: string | null
  file_size: number | null
  byte_size: number | null
  mime_type: string | null
  width: number | null
  height: number | null
  md5_sum: string | null
  sha256_sum: string | null
  archive_url: string | null
  ai_analysis_log: { event: string; status: string; details: object }[] | null
  fate: string
  fate_reason: string | null
  fetched_at: Date | null
  claimed_mime_type: string | null
  length_verified: boolean | null
  download_attempts: number
  download_not_before: Date | null
  download_lease_token: string | null
}

export interface NewMedia {
  readonly id: string
  readonly url: string
  /** Additional columns to set. */
  readonly set?: Record<string, unknown>
  readonly author?: string
}

/** A database that is emptied before each test of the file. */
export function useDatabase(): () => TestDatabase {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
    await allowOnlyChanges(database, { table: 'public.post_media', column: 'fate', changes: FATE_CHANGES })
  })
  beforeEach(async () => {
    await database.query(`TRUNCATE public.posts, public.post_media, mediakeep.contents, mediakeep.download_slots,
      mediakeep.download_hosts, mediakeep.events, mediakeep.quarantine CASCADE`)
  })
  afterAll(() => database.drop())
  return () => database
}

/** Adds media rows in the state after an import, each with its own post. */
export async function addMedia(sql: Sql, media: readonly NewMedia[]): Promise<void> {
  await sql.query(
    `INSERT INTO public.posts (post_id, urn, posted_at_timestamp, author_username)
     SELECT 'p-' || id, id, 0, author FROM unnest($1::text[], $2::text[]) AS m (id, author)`,
    [media.map((one) => one.id), media.map((one) => one.author ?? 'ann')],
  )
  await sql.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url, source_key, source_host)
     SELECT id, 'p-' || id, 'image', url, encode(sha256(url::bytea), 'hex'), split_part(url, '/', 3)
     FROM unnest($1::text[], $2::text[]) AS m (id, url)`,
    [media.map((one) => one.id), media.map((one) => one.url)],
  )
  for (const { id, set } of media) {
    if (!set) continue
    const columns = Object.keys(set).map((name, n) => `${name} = $${n + 2}`)
    await sql.query(`UPDATE public.post_media SET ${columns.join(', ')} WHERE media_id = $1`, [
      id,
      ...Object.values(set),
    ])
  }
}

export async function mediaRows(sql: Sql): Promise<MediaRow[]> {
  return (await sql.query<MediaRow>('SELECT * FROM public.post_media ORDER BY media_id')).rows
}

export async function mediaRow(sql: Sql, id: string): Promise<MediaRow> {
  return (await mediaRows(sql)).find((row) => row.media_id === id)!
}

/** An origin that closes when the test ends. */
export async function useOrigin(reply: (path: string) => Reply): Promise<Origin> {
  const origin = await openOrigin(reply)
  onTestFinished(() => origin.close())
  return origin
}

export async function useCache(): Promise<FileCache> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-download-'))
  const cache = await openCache(folder, { create: true })
  onTestFinished(async () => {
    await cache.close()
    await rm(folder, { recursive: true, force: true })
  })
  return cache
}

/** Contents in a cache, and leftovers in its temporary folder: relative paths, sorted. */
export async function filesIn(cache: FileCache): Promise<string[]> {
  const entries = await readdir(cache.root, { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) => entry.isFile() && !entry.name.startsWith('.') && !/^(?:owner|process)/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(cache.root.length + 1))
    .sort()
}

const quiet: StageLog = { info: () => {}, warn: () => {}, error: () => {} }

/** The stage with its real parts, allowed to reach the origins. */
export async function useStage(
  db: TestDatabase,
  origins: readonly Origin[],
  options: Partial<DownloadStageOptions> = {},
): Promise<Stage> {
  const fetcher = openFetcher({ allowHosts: origins.map((origin) => origin.host), timeoutMs: 5_000 })
  onTestFinished(() => fetcher.close())
  const cache = options.cache ?? (await useCache())
  return downloadStage({
    db,
    cache,
    fetcher,
    sniffer: createSniffer(),
    inspector: createInspector(),
    concurrencyPerHost: 5,
    log: quiet,
    ...options,
  })
}

export const forever = (): AbortSignal => new AbortController().signal
