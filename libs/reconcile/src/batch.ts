import { createHash } from 'node:crypto'
import { InvalidMediaUrlError, type MediaUrl } from '@mediakeep/media-url'
import { reportChanges } from '@mediakeep/media'
import { unescapeUrl } from '@mediakeep/plugin-api'
import { postedAtMillis, type Sql } from '@mediakeep/sql'
import { mergeMedia, type Merge } from './merge.ts'
import { refuseHiddenRows } from './references.ts'
import { chooseSurvivor, type Member } from './survivor.ts'

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

interface Reading {
  /** Without HTML entities. */
  readonly url: string
  readonly key: string
  readonly host: string | null
  readonly expiresAt: Date | undefined
  readonly refusal: string | null
}

export async function reconcileBatch(
  sql: Sql,
  { after, limit, condition, readMediaUrl }: BatchOptions,
): Promise<Batch> {
  // With row security off, PostgreSQL refuses to read a table with hidden rows. Without the other two settings, a
  // planner with old statistics sorts all remaining rows for each batch, although the index has them in order.
  await sql.query(
    `SELECT set_config('row_security', 'off', true),
       set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`,
  )
  await refuseHiddenRows(sql, ['public.posts', 'public.post_media', 'mediakeep.merged_media'])
  const { rows } = await sql.query<Row>(
    `SELECT ${MEMBER} FROM public.post_media q
     WHERE ${condition} AND q.media_id > $1
     ORDER BY q.media_id LIMIT $2 FOR UPDATE OF q SKIP LOCKED`,
    [after, limit],
  )
  const keyless = rows
    .map((row) => ({ row, reading: read(row, readMediaUrl) }))
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

function read(row: Row, readMediaUrl: BatchOptions['readMediaUrl']): Reading {
  const url = unescapeUrl(row.url)
  const known = url === row.url ? row.sourceKey : null
  try {
    const { sourceKey, host, expiresAt } = readMediaUrl(url)
    return { url, key: known ?? sourceKey, host, expiresAt, refusal: null }
  } catch (error) {
    if (!(error instanceof InvalidMediaUrlError)) throw error
    const key = known ?? createHash('sha256').update(url).digest('hex')
    return { url, key, host: null, expiresAt: undefined, refusal: error.code }
  }
}

/** Other rows that already have one of these keys. */
async function lockKeyed(
  sql: Sql,
  keyless: readonly Keyed[],
  readMediaUrl: BatchOptions['readMediaUrl'],
): Promise<Keyed[]> {
  if (keyless.length === 0) return []
  const { rows } = await sql.query<Row>(
    // Forces one look-up per key, whatever the planner's statistics: the table may just have been filled.
    `SELECT q.* FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) k (post_id, source_key) ORDER BY 1, 2) k
     CROSS JOIN LATERAL (SELECT ${MEMBER} FROM public.post_media q
       WHERE q.post_id = k.post_id AND q.source_key = k.source_key AND q.media_id <> ALL ($3) LIMIT 1 FOR UPDATE) q`,
    [
      keyless.map(({ row }) => row.postId),
      keyless.map(({ reading }) => reading.key),
      keyless.map(({ row }) => row.mediaId),
    ],
  )
  return rows.map((row) => ({ row, reading: read(row, readMediaUrl) }))
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

const DEFAULTS = `ai_analysis_log = coalesce(q.ai_analysis_log, '[]'),
    ai_analysis_status = CASE q.ai_analysis_status WHEN 'pending' THEN 'not_started' ELSE q.ai_analysis_status END`

const WRITE_KEYS = `WITH written AS (UPDATE public.post_media q SET
    source_key = k.source_key, source_host = coalesce(k.source_host, q.source_host),
    media_url = k.media_url, url_expires_at = k.expires_at,
    posted_at = coalesce(q.posted_at, CASE WHEN ${postedAtMillis('p')} BETWEEN 0 AND 253402300799999
      THEN to_timestamp(${postedAtMillis('p')} / 1000.0) END),
    byte_size = coalesce(q.byte_size, q.file_size), ${DEFAULTS},
    fate = f.fate, fate_reason = CASE f.fate WHEN q.fate THEN q.fate_reason WHEN 'blocked' THEN k.refusal END,
    fate_at = CASE WHEN f.fate = q.fate THEN q.fate_at ELSE now() END,
    download_attempts = CASE WHEN f.is_reopened THEN 0 ELSE q.download_attempts END,
    download_not_before = CASE WHEN f.is_reopened THEN NULL ELSE q.download_not_before END,
    local_file_path = CASE WHEN f.is_reopened AND q.fate = 'rejected' THEN NULL ELSE q.local_file_path END
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::boolean[], $8::boolean[])
    k (media_id, source_key, source_host, media_url, expires_at, refusal, is_fresher, is_unescaped)
  CROSS JOIN LATERAL (SELECT * FROM public.post_media WHERE media_id = k.media_id) o
  JOIN public.posts p ON p.post_id = o.post_id
  CROSS JOIN LATERAL (SELECT k.is_unescaped AND k.refusal IS NULL AND o.judged_at IS NULL
    AND o.fate NOT IN ('waiting', 'fetched') AS is_reopened) r
  CROSS JOIN LATERAL (SELECT CASE
    WHEN o.fate = 'waiting' AND o.source_key IS NULL AND coalesce(o.md5_sum, '') <> ''
      AND coalesce(nullif(o.archive_url, ''), nullif(o.local_file_path, '')) IS NOT NULL THEN 'fetched'
    WHEN o.fate = 'waiting' AND k.refusal IS NOT NULL THEN 'blocked'
    WHEN o.fate = 'expired' AND k.is_fresher THEN 'waiting'
    WHEN r.is_reopened THEN 'waiting'
    ELSE o.fate END AS fate, r.is_reopened) f
  WHERE q.media_id = k.media_id RETURNING q.media_id, q.post_id, q.fate, o.fate AS was)
  ${reportChanges(`SELECT w.media_id, w.post_id, 'fate' AS what, w.was AS old_status, w.fate AS new_status
    FROM written w WHERE w.fate <> w.was`)}`

async function writeKeys(sql: Sql, survivors: readonly Survivor[]): Promise<void> {
  if (survivors.length === 0) return
  await sql.query(WRITE_KEYS, [
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
  await sql.query(`UPDATE public.post_media q SET ${DEFAULTS} WHERE q.media_id = ANY ($1)`, [ids])
}
