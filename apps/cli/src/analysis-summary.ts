import type { Sql } from '@mediakeep/sql'
import { table } from './output.ts'

export interface AnalysisSummary {
  readonly analysers: readonly {
    readonly name: string
    readonly completed: number
    readonly failed: number
    readonly waiting: number
  }[]
  /** The media item with the most text, and its first words. */
  readonly text: { readonly mediaId: string; readonly found: string } | null
}

export async function mediaOfRun(sql: Sql, runId: string): Promise<string[]> {
  const found = await sql.query<{ id: string }>(
    `SELECT m.media_id AS id FROM public.post_media m
     WHERE m.post_id IN (SELECT d.post_id FROM public.data_downloads d WHERE d.run_id = $1) ORDER BY 1`,
    [runId],
  )
  return found.rows.map(({ id }) => id)
}

/** Returns what was found in these media; identical contents count once. */
export async function readAnalysisSummary(sql: Sql, mediaIds: readonly string[]): Promise<AnalysisSummary> {
  const contents = 'SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = ANY($1)'
  const [analysers, text] = await Promise.all([
    sql.query<AnalysisSummary['analysers'][number]>(
      `SELECT a.analyser AS name, count(*) FILTER (WHERE a.state = 'completed') AS completed,
         count(*) FILTER (WHERE a.state = 'failed') AS failed, count(*) FILTER (WHERE a.state = 'pending') AS waiting
       FROM mediakeep.analyses a WHERE a.sha256_sum IN (${contents}) GROUP BY 1 ORDER BY 1`,
      [mediaIds],
    ),
    sql.query<NonNullable<AnalysisSummary['text']>>(
      `SELECT min(m.media_id) AS "mediaId", regexp_replace(left(a.result ->> 'text', 80), '\\s+', ' ', 'g') AS found
       FROM mediakeep.analyses a JOIN public.post_media m USING (sha256_sum)
       WHERE a.sha256_sum IN (${contents}) AND a.analyser = 'ocr' AND a.media_type = 'image' AND a.result ->> 'text' <> ''
       GROUP BY a.sha256_sum, a.result ORDER BY length(a.result ->> 'text') DESC LIMIT 1`,
      [mediaIds],
    ),
  ])
  return { analysers: analysers.rows, text: text.rows[0] ?? null }
}

export function analysisLines({ analysers, text }: AnalysisSummary): string[] {
  const rows = analysers.map(({ name, completed, failed, waiting }) => [
    name,
    ...[completed, failed, waiting].map(String),
  ])
  return [
    ...table([['analyses', 'completed', 'failed', 'waiting'], ...rows]),
    ...(text === null ? [] : [`  text found in ${text.mediaId}: “${text.found}”`]),
  ]
}
