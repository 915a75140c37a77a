import type { Sql } from '@mediakeep/sql'
import { table } from './output.ts'
import { selectAnalyserCounts, selectMediaOfRun, selectReadText } from './analysis-summary.sql.ts'

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
  const found = await selectMediaOfRun(sql, [runId])
  return found.rows.map(({ id }) => id)
}

/** Returns what was found in these media; identical contents count once. */
export async function readAnalysisSummary(sql: Sql, mediaIds: readonly string[]): Promise<AnalysisSummary> {
  const [analysers, text] = await Promise.all([
    selectAnalyserCounts(sql, [mediaIds]),
    selectReadText(sql, [mediaIds]),
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
