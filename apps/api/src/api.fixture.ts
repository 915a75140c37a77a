import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCache } from '@mediakeep/cache'
import { openPrisma } from '@mediakeep/db'
import { rejectContent, requeueDownloads, retryInspections, unrejectContent } from '@mediakeep/media'
import type { PipelineStats } from '@mediakeep/pipeline'
import { noIsolation } from '@mediakeep/sandbox'
import type { TestDatabase } from '@mediakeep/testing'
import type { Actions } from './ports/actions.ts'
import { type Api, type ApiOptions, startApi } from './start-api.ts'

interface Answer {
  readonly data?: Record<string, unknown> | null
  readonly errors?: { readonly message: string; readonly extensions?: Record<string, unknown> }[]
}

export interface TestApi extends Api {
  /** All log entries. */
  readonly logged: { readonly details: Record<string, unknown>; readonly message: string }[]
  /** This server's own temporary folder. */
  readonly folder: string
  ask<Data = Record<string, never>>(query: string, variables?: object): Promise<Data>
  answer(query: string, variables?: object): Promise<Answer>
  /** Runs `work` and counts the statements sent to the database during it. */
  statements<Result>(work: () => Promise<Result>): Promise<[Result, number]>
}

const stats: PipelineStats = {
  media: { total: 3, byFate: { fetched: 2, expired: 1 }, byAnalysisStatus: { not_started: 3 }, archived: 1 },
  contents: {
    total: 2,
    bytes: 20,
    archived: 1,
    archivedBytes: 10,
    missing: 0,
    placeholdersSuspected: 0,
    rejected: 0,
  },
  deduplicated: { media: 0, bytes: 0 },
  queues: {
    download: { waiting: 0, retrying: 0 },
    inspect: { waiting: 0, inspecting: 0, parked: 0 },
    archive: { waiting: 1, uploading: 0, givenUp: 0 },
  },
  oldestWaitingAt: undefined,
  caches: [],
  steps: [],
}

/** Starts a server with a real database. Verification, restoring and archiving are tested in their own libs. */
export async function startTestApi(db: TestDatabase, options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-api-'))
  const cache = await openCache(join(folder, 'cache'), { create: true })
  const logged: TestApi['logged'] = []
  let count = 0
  const query = db.pg.query.bind(db.pg) as (...given: unknown[]) => unknown
  Object.assign(db.pg, {
    query: (...given: unknown[]) => {
      // Do not count token lookups, which happen now and then whatever the request.
      if (!JSON.stringify(given[0]).includes('mediakeep.api_tokens')) count++
      return query(...given)
    },
  })
  const keep = (details: object, message: string): void => {
    logged.push({ details: details as Record<string, unknown>, message })
  }
  const api = await startApi({
    db,
    prisma: openPrisma(db.pg),
    openMedia: () => Promise.resolve(undefined),
    actions: testActions(db),
    readStats: () => Promise.resolve(stats),
    readiness: { database: () => db.query('SELECT 1') },
    log: { info: keep, warn: keep, error: keep },
    isProduction: false,
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    signingSecret: 'a secret of these tests',
    importFolder: undefined,
    uploadFolder: join(folder, 'uploads'),
    thumbnailStore: cache.derived,
    isolation: noIsolation,
    ...options,
  })
  const answer = async (text: string, variables?: object): Promise<Answer> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    })
    return (await response.json()) as Answer
  }
  return {
    ...api,
    logged,
    folder,
    answer,
    async ask<Data>(text: string, variables?: object) {
      const { data, errors } = await answer(text, variables)
      if (errors) throw new Error(JSON.stringify(errors))
      return data as Data
    },
    async statements(work) {
      count = 0
      return [await work(), count]
    },
    async close() {
      await api.close()
      await rm(folder, { recursive: true })
    },
  }
}

function testActions(db: TestDatabase): Actions {
  const elsewhere = (): never => {
    throw new Error('not a part of these tests')
  }
  return {
    requeueDownloads: (selection) => requeueDownloads(db, selection),
    retryInspections: (mediaIds) => retryInspections(db, mediaIds),
    rejectContent: (media, by) => rejectContent(db, media, by),
    unrejectContent: (media, by) => unrejectContent(db, media, by),
    verifyMedia: elsewhere,
    restoreMedia: elsewhere,
    queueArchive: elsewhere,
    async createImportRun(files) {
      const runId = 'run-00000001'
      await db.query(
        `WITH run AS (INSERT INTO download_runs (run_id, started_at, status) VALUES ($1, now(), 'queued') RETURNING run_id)
         INSERT INTO mediakeep.import_runs (run_id, files) SELECT run_id, $2 FROM run`,
        [runId, files],
      )
      return runId
    },
  }
}

/** Inserts posts `p-00000001`… with `mediaPerPost` media `med-00000001`… each, at one instant, like an import. */
export async function seed(db: TestDatabase, posts: number, mediaPerPost: number): Promise<void> {
  await db.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp, author_username, text_content, platform)
     SELECT 'p-' || lpad(to_hex(n), 8, '0'), 'urn:' || n, 1700000000000 + n / 3, 'author' || n % 5,
       'Words about number' || n, 'linkedin' FROM generate_series(1, $1::int) n`,
    [posts],
  )
  await db.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, fate, role, byte_size, sha256_sum,
       md5_sum, created_at, posted_at)
     SELECT 'med-' || lpad(to_hex(n), 8, '0'), 'p-' || lpad(to_hex(1 + n % $1::int), 8, '0'), 'image',
       'https://media.example/' || n, n::text, CASE n % 3 WHEN 0 THEN 'expired' ELSE 'fetched' END, 'content', 1000 + n,
       CASE WHEN n % 3 > 0 THEN repeat(lpad(to_hex(n % 7), 2, '0'), 32) END,
       CASE WHEN n % 3 > 0 THEN repeat(lpad(to_hex(n % 7), 2, '0'), 16) END,
       timestamptz '2026-01-01 12:00:00.123456Z' + n % 2 * interval '1 microsecond',
       timestamptz '2025-06-01Z' + n % 4 * interval '20 days'
     FROM generate_series(1, $1::int * $2::int) n`,
    [posts, mediaPerPost],
  )
  await db.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension)
     SELECT DISTINCT sha256_sum, md5_sum, md5_sum, 1000, 'image', 'image/jpeg', 'jpg' FROM post_media
     WHERE sha256_sum IS NOT NULL`,
  )
}
