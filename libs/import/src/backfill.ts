import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Database, Sql } from '@mediakeep/sql'
import { findMedia } from './backfill-posts.ts'
import { runImport } from './run-import.ts'
import { insertRun } from './run-state.ts'
import type { RunProgress } from './run-summary.ts'
import type { PostMedia } from './store-media.ts'
import { readStoredPosts, type Selection } from './stored-posts.ts'
import { withoutUnkeyed } from './unkeyed-media.ts'
import { countMissingMedia } from './backfill.sql.ts'

export interface BackfillOptions {
  readonly formats: readonly SourceFormat[]
  readonly selection?: Selection | undefined
  /** An earlier run to continue, instead of a new one. */
  readonly runId?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}

/**
 * Reads the JSON of stored posts again and adds a row for every media reference that has none. Existing rows
 * stay; running it twice changes nothing. An interrupted run is resumed like an import.
 */
export async function backfill(db: Database, options: BackfillOptions): Promise<RunProgress> {
  const runId = options.runId ?? (await createBackfillRun(db, options.selection))
  const { formats, signal, onProgress } = options
  return runImport(db, { runId, formats, signal, onProgress })
}

/** Registers a backfill; from then on any importing process may run it. @returns its id */
export async function createBackfillRun(sql: Sql, selection: Selection = {}): Promise<string> {
  return insertRun(sql, {
    kind: 'backfill',
    script: 'mediakeep backfill',
    machine: null,
    files: [],
    bytesTotal: 0,
    options: selection,
  })
}

export interface BackfillPreview {
  readonly posts: number
  readonly rejected: number
  /** Posts that no source format recognises. */
  readonly unknown: number
  /** References found, and how many of them have no row. */
  readonly found: number
  readonly missing: number
}

/** Reports what `backfill` would do, without writing anything. */
export async function previewBackfill(
  sql: Sql,
  options: Pick<BackfillOptions, 'formats' | 'selection' | 'signal'>,
): Promise<BackfillPreview> {
  let preview: BackfillPreview = { posts: 0, rejected: 0, unknown: 0, found: 0, missing: 0 }
  for await (const posts of readStoredPosts(sql, options.selection ?? {})) {
    options.signal?.throwIfAborted()
    const found = findMedia(posts, options.formats)
    const items = found.flatMap(({ media }) => media)
    const ids = posts.map(({ postId }) => postId)
    preview = {
      posts: preview.posts + posts.length,
      rejected: preview.rejected + found.filter(({ rejection }) => rejection).length,
      unknown: preview.unknown + found.filter(({ isUnknown }) => isUnknown).length,
      found: preview.found + items.length,
      missing: preview.missing + (await countMissing(sql, await withoutUnkeyed(sql, items, ids))),
    }
  }
  return preview
}

async function countMissing(sql: Sql, items: readonly PostMedia[]): Promise<number> {
  const { rows } = await countMissingMedia(sql, [
    items.map(({ postId }) => postId),
    items.map(({ media }) => media.sourceKey),
  ])
  return rows[0]!.missing
}
