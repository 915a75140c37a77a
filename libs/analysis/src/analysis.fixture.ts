import { createHash } from 'node:crypto'
import { readLog, replayLog } from '@mediakeep/analysis-status'
import { MEDIA_TYPES, type MediaType } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'

export const EVERY_TYPE: readonly MediaType[] = MEDIA_TYPES

export const sha256Of = (name: string): string => createHash('sha256').update(name).digest('hex')

export interface AddedContent {
  readonly name: string
  readonly rows?: number
  readonly mediaType?: MediaType
  readonly isInspected?: boolean
}

/** Adds contents as an inspection leaves them, each with rows that show it: `med-{name}-1` … */
export async function addContents(sql: Sql, contents: readonly AddedContent[]): Promise<void> {
  await sql.query(
    `INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'urn', 0) ON CONFLICT DO NOTHING`,
  )
  const given = contents.map(({ name, rows = 1, mediaType = 'image', isInspected = true }) => ({
    ...{ sha256: sha256Of(name), name, rows, type: mediaType, inspected: isInspected },
  }))
  await sql.query(
    `INSERT INTO mediakeep.contents (sha256_sum, md5_sum, name, byte_size, media_type, mime_type, extension,
       width, height, inspected_at, created_at)
     SELECT g.sha256, md5(g.name), md5(g.name), 100, g.type, g.type || '/test', 'bin', 4, 3,
       CASE WHEN g.inspected THEN now() END, clock_timestamp()
     FROM jsonb_to_recordset($1::jsonb) g (sha256 text, name text, type text, inspected boolean)`,
    [JSON.stringify(given)],
  )
  await sql.query(
    `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, sha256_sum, fate, ai_analysis_log)
     SELECT 'med-' || g.name || '-' || n, 'p-1', g.type, 'https://a.test/' || g.name || n, g.name || n, g.sha256,
       'fetched', '[]'
     FROM jsonb_to_recordset($1::jsonb) g (sha256 text, name text, type text, rows int)
     CROSS JOIN generate_series(1, g.rows) n`,
    [JSON.stringify(given)],
  )
}

export interface ShownRow {
  readonly id: string
  readonly status: string
  readonly analysis: unknown
  /** Event names in its log, and the status after each. */
  readonly story: readonly string[]
  readonly shared: readonly boolean[]
}

/** All rows, by id; asserts that every log is a valid sequence. */
export async function shownRows(sql: Sql): Promise<ShownRow[]> {
  const { rows } = await sql.query<{ id: string; status: string; analysis: string | null; log: unknown }>(
    `SELECT media_id AS id, ai_analysis_status AS status, ai_analysis AS analysis, ai_analysis_log AS log
     FROM post_media ORDER BY media_id`,
  )
  return rows.map(({ id, status, analysis, log }) => {
    const events = readLog(log)
    const told = replayLog(events)
    if (told !== status) throw new Error(`${id} is ${status}, its log says ${told}`)
    return {
      id,
      status,
      analysis: analysis === null ? null : (JSON.parse(analysis) as unknown),
      story: events.map(({ event, status: after }) => `${event.replace('ai_analysis_', '')}>${after}`),
      shared: events.map(({ details }) => details?.['shared'] === true),
    }
  })
}

/** Changes in the media events, in order of their rows: `from>to`. */
export async function toldChanges(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ id: string; from: string; to: string }>(
    `SELECT c.value ->> 'mediaId' AS id, c.value ->> 'from' AS from, c.value ->> 'to' AS to
     FROM mediakeep.events e CROSS JOIN jsonb_array_elements(e.changes) c ORDER BY e.event_id, 1`,
  )
  return rows.map(({ id, from, to }) => `${id} ${from}>${to}`)
}
