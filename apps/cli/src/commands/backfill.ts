import { type Cache, CachePathError } from '@mediakeep/content'
import {
  backfill,
  previewBackfill,
  readRejectedPosts,
  readStoredIdentity,
  type RunProgress,
  type Selection as StoredSelection,
} from '@mediakeep/import'
import { requeueDownloads } from '@mediakeep/media'
import { readMediaUrl } from '@mediakeep/media-url'
import { archiveAdopt } from '@mediakeep/pipeline'
import { reconcile } from '@mediakeep/reconcile'
import type { Sql } from '@mediakeep/sql'
import { downloads, exportFiles, inspections, uploads } from '@mediakeep/worker'
import type { Work } from '../command.ts'
import { type Selection, selectMedia } from '../selection.ts'
import { counted } from '../output.ts'
import { settleMedia } from '../settle-media.ts'
import { stageParts } from '../stage-parts.ts'
import { rejectionLines } from '../summary.ts'
import { selectPaths } from './backfill.sql.ts'

export interface Options extends Selection {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly fetch: boolean
  readonly resume?: string
}

type Parts = Parameters<Work<Options>>[0]

/** Rows of older tools: they have a file or an object, but no SHA-256 that proves it. */
const UNPROVEN_FILE = `m.fate = 'fetched' AND m.sha256_sum IS NULL AND m.local_file_path IS NOT NULL`
const UNPROVEN_OBJECT = `m.archive_url IS NOT NULL AND m.sha256_sum IS NULL`

export const runBackfill: Work<Options> = async (work) => {
  const { options, session, output } = work
  if (options.dryRun) return preview(work)
  const { pool } = await session.database()
  const formats = await session.formats()
  const reconciled = await reconcile(pool, {
    readMediaUrl,
    readPostIdentity: (json) => readStoredIdentity(json, formats),
    signal: session.signal,
  })
  const run = await addMissing(work)
  const incomplete = options.fetch ? await complete(work) : []
  const rejected = await readRejectedPosts(pool, run.runId)
  output.result({ ...run, reconciled, rejected, incomplete }, [
    `Run ${run.runId}: read ${counted(run.posts.processed, 'post')}, added ${counted(run.references.new, 'media reference')}, ` +
      `completed ${counted(reconciled.keyed, 'row')} of older tools, merged ${counted(reconciled.merged, 'duplicate')}.`,
    ...unknownLines(run.posts.processed - run.posts.known - run.posts.rejected),
    ...rejectionLines(rejected, run.posts.rejected),
    ...incomplete,
    ...(run.error === null ? [] : [`Failed: ${run.error}`]),
  ])
  return run.error !== null || run.posts.rejected + incomplete.length > 0 ? 1 : 0
}

async function preview({ options, session, output }: Parts): Promise<0 | 1> {
  const { pool } = await session.database()
  const formats = await session.formats()
  const found = await previewBackfill(pool, {
    formats,
    selection: toSelection(options),
    signal: session.signal,
  })
  output.result(found, [
    `Would add ${found.missing} of ${counted(found.found, 'media reference')} in ${counted(found.posts, 'post')}; ` +
      `${counted(found.rejected, 'post')} cannot be read.`,
    ...unknownLines(found.unknown),
  ])
  return found.rejected > 0 ? 1 : 0
}

function unknownLines(count: number): string[] {
  return count === 0
    ? []
    : [
        `Skipped ${counted(count, 'stored post')}: no source format recognises ${count === 1 ? 'it' : 'them'}.`,
      ]
}

async function addMissing({ options, session, output }: Parts): Promise<RunProgress> {
  const { pool } = await session.database()
  const progress = output.progress('backfill')
  return backfill(pool, {
    formats: await session.formats(),
    selection: toSelection(options),
    runId: options.resume,
    signal: session.signal,
    onProgress: ({ posts, references }) =>
      progress.update(posts.processed, posts.processed, `posts, ${references.new} references added`),
  }).finally(() => progress.stop())
}

/** Fetches waiting media, and verifies what older tools only stored. @returns a line for each still unproven */
async function complete({ options, session, output }: Parts): Promise<string[]> {
  const parts = await stageParts(session, output)
  const { db, cache } = parts
  for await (const mediaIds of selectMedia(db, options, UNPROVEN_FILE))
    await requeueCached(db, cache, mediaIds)
  const stages = [downloads(parts), exportFiles(parts), inspections(parts), uploads(parts)]
  const failures: string[] = []
  for await (const mediaIds of selectMedia(db, options, `m.fate = 'waiting'`)) {
    failures.push(...(await settleMedia(parts, stages, { mediaIds }, session.signal, output)))
  }
  for await (const mediaIds of selectMedia(db, options, UNPROVEN_OBJECT)) {
    const objects = await archiveAdopt(parts, { mediaIds, signal: session.signal })
    const others = objects.filter(({ outcome }) => outcome !== 'adopted')
    failures.push(
      ...others.map(({ archiveUrl, outcome, reason }) => `${outcome}: ${archiveUrl} ${reason ?? ''}`),
    )
  }
  return failures
}

/** The download stage completes a waiting row from its cached file; without that file it would query a dead URL. */
async function requeueCached(sql: Sql, cache: Cache, mediaIds: readonly string[]): Promise<void> {
  const found = await selectPaths(sql, [mediaIds])
  const present: string[] = []
  for (const { id, path } of found.rows) if (await isCached(cache, path)) present.push(id)
  await requeueDownloads(sql, { mediaIds: present, force: true })
}

/** Older tools may have stored an absolute path, or one with `..`: no file of the cache has such a path. */
async function isCached(cache: Cache, path: string): Promise<boolean> {
  try {
    return (await cache.size(path)) !== undefined
  } catch (error) {
    if (error instanceof CachePathError) return false
    throw error
  }
}

function toSelection({ postId, mediaId, startDate, limit }: Options): StoredSelection {
  return { postId, mediaId, startDate: startDate?.toISOString(), limit }
}
