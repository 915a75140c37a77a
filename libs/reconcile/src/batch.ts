import type { MediaUrl } from '@mediakeep/media-url'
import type { Sql } from '@mediakeep/sql'
import { mergeMedia, type Merge } from './merge.ts'
import { readRow, type Reading } from './reading.ts'
import { refuseHiddenRows } from './references.ts'
import { chooseSurvivor, type Member } from './survivor.ts'
import { lockRowsOfKeys, setPlanning, updateDefaults, updateKeys } from './batch.sql.ts'

export interface BatchOptions {
  /** Media id after which the batch starts. */
  readonly after: string
  readonly limit: number
  /** Selects rows `q`: UNRECONCILED or ESCAPED_URL. Each has an index. */
  readonly condition: string
  readonly readMediaUrl: (url: string) => MediaUrl
}

export interface Batch {
  /** Last media id processed; undefined when there was none. */
  readonly last: string | undefined
  readonly keyed: number
  /** Rows whose URL had HTML entities. */
  readonly unescaped: number
  readonly merged: number
  readonly pending: number
  readonly nullLogs: number
}

/** Columns that decide which of several duplicates survives. */
const MEMBER = `q.media_id AS "mediaId", q.post_id AS "postId", q.media_url AS url, q.source_key AS "sourceKey", q.fate,
  q.judged_at IS NOT NULL AS "isJudged",
  coalesce(q.md5_sum, '') <> '' AS "isChecksummed", coalesce(q.local_file_path, '') <> '' AS "isLocal",
  coalesce(q.archive_url, '') <> '' AS "isArchived", q.ai_analysis_status = 'completed' OR q.ai_analysis IS NOT NULL AS "isAnalysed",
  q.created_at::text AS "createdAt", q.ai_analysis_status = 'pending' AS "isPending", q.ai_analysis_log IS NULL AS "hasNullLog"`

/** The condition of post_media_unreconciled_idx: rows left by older writers. */
export const UNRECONCILED = `(q.source_key IS NULL OR q.ai_analysis_log IS NULL OR q.ai_analysis_status = 'pending')`

/**
 * The condition of post_media_escaped_url_idx: exactly the entities that `unescapeUrl` replaces, so that no row
 * keeps matching for ever.
 */
export const ESCAPED_URL = `(q.media_url ~* '${[
  '&(amp|lt|gt|quot|apos',
  '#0{0,5}(3[3-9]|[4-9][0-9])|#0{0,4}(1[01][0-9]|12[0-6])',
  '#x0{0,4}(2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e]));',
].join('|')}')`

interface Row extends Member {
  readonly postId: string
  readonly isPending: boolean | null
  readonly hasNullLog: boolean
}

/** A row to write, with the facts from its URL. */
interface Keyed {
  readonly row: Row
  readonly reading: Reading
}

export async function reconcileBatch(
  sql: Sql,
  { after, limit, condition, readMediaUrl }: BatchOptions,
): Promise<Batch> {
  await setPlanning(sql)
  await refuseHiddenRows(sql, ['public.posts', 'public.post_media', 'mediakeep.merged_media'])
  const { rows } = await sql.query<Row>(
    `SELECT ${MEMBER} FROM public.post_media q
     WHERE ${condition} AND q.media_id > $1
     ORDER BY q.media_id LIMIT $2 FOR UPDATE OF q SKIP LOCKED`,
    [after, limit],
  )
  const keyless = rows
    .map((row) => ({ row, reading: readRow(row, readMediaUrl) }))
    .filter((keyed) => keyed.row.sourceKey === null || isUnescaped(keyed))
  const others = await lockKeyed(sql, keyless, readMediaUrl)
  const { survivors, merges } = resolve([...keyless, ...others])
  await mergeMedia(sql, merges)
  await writeKeys(sql, survivors)
  const written = new Set(keyless.map(({ row }) => row))
  await writeDefaults(
    sql,
    rows.filter((row) => !written.has(row)),
  )
  return {
    last: rows.at(-1)?.mediaId,
    keyed: rows.filter((row) => row.sourceKey === null).length,
    unescaped: keyless.filter(isUnescaped).length,
    merged: merges.length,
    pending: rows.filter((row) => row.isPending).length,
    nullLogs: rows.filter((row) => row.hasNullLog).length,
  }
}

/** If a URL has HTML entities, the row's key and fate came from the wrong URL. */
const isUnescaped = ({ row, reading }: Keyed): boolean => reading.url !== row.url

/** Other rows that already have one of these keys. */
async function lockKeyed(
  sql: Sql,
  keyless: readonly Keyed[],
  readMediaUrl: BatchOptions['readMediaUrl'],
): Promise<Keyed[]> {
  if (keyless.length === 0) return []
  const { rows } = await lockRowsOfKeys(sql, [
    keyless.map(({ row }) => row.postId),
    keyless.map(({ reading }) => reading.key),
    keyless.map(({ row }) => row.mediaId),
  ])
  return rows.map((row) => ({ row, reading: readRow(row, readMediaUrl) }))
}

interface Survivor extends Keyed {
  /** A fresher URL from a row merged into it. */
  readonly fresher: Keyed | undefined
}

function resolve(keyed: readonly Keyed[]): { survivors: Survivor[]; merges: Merge[] } {
  const groups = Map.groupBy(keyed, ({ row, reading }) => `${row.postId} ${reading.key}`)
  const survivors: Survivor[] = []
  const merges: Merge[] = []
  for (const group of groups.values()) {
    const survivor = chooseSurvivor(group.map(({ row }) => row))
    const kept = group.find(({ row }) => row === survivor)!
    const freshest = group.reduce((best, next) => (expiry(next) > expiry(best) ? next : best), kept)
    const isFetched = survivor.fate === 'fetched' || survivor.isLocal || survivor.isArchived
    survivors.push({ ...kept, fresher: freshest === kept || isFetched ? undefined : freshest })
    const losers = group.filter(({ row }) => row !== survivor)
    merges.push(
      ...losers.map(({ row }, round) => ({ survivorId: survivor.mediaId, loserId: row.mediaId, round })),
    )
  }
  return { survivors, merges }
}

const expiry = ({ reading }: Keyed): number => reading.expiresAt?.getTime() ?? -Infinity

async function writeKeys(sql: Sql, survivors: readonly Survivor[]): Promise<void> {
  if (survivors.length === 0) return
  await updateKeys(sql, [
    survivors.map(({ row }) => row.mediaId),
    survivors.map(({ reading }) => reading.key),
    survivors.map(({ reading, fresher }) => (fresher?.reading ?? reading).host),
    survivors.map(({ reading, fresher }) => (fresher?.reading ?? reading).url),
    survivors.map(({ reading, fresher }) => (fresher?.reading ?? reading).expiresAt ?? null),
    survivors.map(({ reading }) => reading.refusal),
    survivors.map(({ fresher }) => fresher !== undefined),
    survivors.map(isUnescaped),
  ])
}

/** For rows that already have a key. Writing a missing key also sets these defaults. */
async function writeDefaults(sql: Sql, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map((row) => row.mediaId)
  await updateDefaults(sql, [ids])
}
