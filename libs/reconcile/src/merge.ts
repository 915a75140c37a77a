import type { Sql } from '@mediakeep/sql'
import { repoint } from './references.ts'
import { deleteMerged, insertMerged, selectColumns, updateSurvivors } from './merge.sql.ts'

/** One duplicate and the row that replaces it. */
export interface Merge {
  readonly survivorId: string
  readonly loserId: string
  /** Index of this duplicate among its survivor's, from 0. */
  readonly round: number
}

/** These describe one file: they are taken over together, and never from a row that had another file. */
const OF_THE_FILE = [
  ...['local_file_path', 'archive_url', 'md5_sum', 'sha256_sum', 'byte_size', 'file_size', 'mime_type'],
  ...['width', 'height', 'claimed_mime_type', 'length_verified', 'fetched_at'],
]
/** Always the survivor's own values, never a duplicate's. */
const OWN = [
  ...['media_id', 'post_id', 'media_url', 'source_key', 'source_host', 'url_expires_at'],
  ...['fate', 'fate_reason', 'fate_at', 'judged_at', 'download_attempts', 'download_not_before'],
  ...['download_lease_token', 'download_lease_expires_at'],
]

const STRENGTH = `ARRAY['completed', 'started', 'failed']`
const ROLES = `ARRAY['content', 'thumbnail', 'article', 'reshare', 'avatar']`
const STRONGER = `coalesce(array_position(${STRENGTH}, l.ai_analysis_status), 9) < coalesce(array_position(${STRENGTH}, s.ai_analysis_status), 9)`
/** A log that is not an array counts as a single event. */
const asArray = (log: string): string =>
  `CASE coalesce(jsonb_typeof(${log}), 'null') WHEN 'array' THEN ${log} WHEN 'null' THEN '[]' ELSE jsonb_build_array(${log}) END`

/** How a survivor `s` takes over values of a duplicate `l`. */
const SPECIAL: Readonly<Record<string, string>> = {
  created_at: 'least(s.created_at, l.created_at)',
  updated_at: 'now()',
  role: `(SELECT r FROM unnest(ARRAY[s.role, l.role]) r WHERE r IS NOT NULL ORDER BY array_position(${ROLES}, r) LIMIT 1)`,
  json_pointers: `(SELECT array_agg(p ORDER BY n) FROM (
    SELECT p, min(n) AS n FROM unnest(s.json_pointers || l.json_pointers) WITH ORDINALITY u (p, n) GROUP BY p) u)`,
  ai_analysis_status: `CASE WHEN ${STRONGER} THEN l.ai_analysis_status ELSE s.ai_analysis_status END`,
  ai_analysis: `CASE WHEN ${STRONGER} THEN coalesce(l.ai_analysis, s.ai_analysis) ELSE coalesce(s.ai_analysis, l.ai_analysis) END`,
  ai_analyzed_at: `CASE WHEN ${STRONGER} THEN coalesce(l.ai_analyzed_at, s.ai_analyzed_at) ELSE coalesce(s.ai_analyzed_at, l.ai_analyzed_at) END`,
  ai_analysis_log: `(SELECT coalesce(jsonb_agg(e ORDER BY e ->> 'timestamp' NULLS FIRST, n), '[]')
    FROM jsonb_array_elements(${asArray('s.ai_analysis_log')} || ${asArray('l.ai_analysis_log')}) WITH ORDINALITY u (e, n))`,
}

/**
 * Merges duplicates into their survivors: each is kept in full in `mediakeep.merged_media`, references to it are
 * moved to the survivor, and the survivor takes the values it lacks.
 */
export async function mergeMedia(sql: Sql, merges: readonly Merge[]): Promise<void> {
  if (merges.length === 0) return
  const losers = merges.map(({ loserId }) => loserId)
  const survivors = merges.map(({ survivorId }) => survivorId)
  await insertMerged(sql, [losers, survivors])
  await updateSurvivors(sql, [losers, survivors])
  await repoint(sql, losers, survivors)
  // Before the survivor takes over values, so that unique ones are free.
  await deleteMerged(sql, [losers])
  const assignments = await assignmentsOfColumns(sql)
  for (const pairs of Map.groupBy(merges, ({ round }) => round).values()) {
    await sql.query(
      `UPDATE public.post_media s SET ${assignments}
       FROM mediakeep.merged_media m, jsonb_populate_record(NULL::public.post_media, m.merged_row) l
       WHERE m.media_id = ANY ($1) AND s.media_id = m.survivor_id`,
      [pairs.map(({ loserId }) => loserId)],
    )
  }
}

/** Also takes over columns added by others. */
async function assignmentsOfColumns(sql: Sql): Promise<string> {
  const { rows } = await selectColumns(sql)
  return rows
    .filter(({ name }) => !OWN.includes(name))
    .map(({ name }) => `"${name.replaceAll('"', '""')}" = ${takeOver(name)}`)
    .join(', ')
}

function takeOver(name: string): string {
  const column = `"${name.replaceAll('"', '""')}"`
  const either = `coalesce(s.${column}, l.${column})`
  if (!OF_THE_FILE.includes(name)) return SPECIAL[name] ?? either
  return `CASE WHEN s.md5_sum <> l.md5_sum OR s.sha256_sum <> l.sha256_sum THEN s.${column} ELSE ${either} END`
}
