import { ENDED_WITHOUT_FILE, unarchived, uninspected } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import type { FailureStage } from './failure-stages.ts'
import { selectFailureReasons } from './failure-reasons.sql.ts'

/** Media that failed at one stage for one reason. */
export interface FailureReason {
  readonly stage: FailureStage
  /** For `fetch` only: the resulting fate. */
  readonly fate: string | null
  /** For `analyse` only: `ocr@2`. */
  readonly analyser: string | null
  /** The code at the start of the reasons, or the whole reason if it has none; empty if unknown. */
  readonly reason: string
  /** One of the reasons in full. */
  readonly example: string | null
  /** Media items. */
  readonly count: number
  /** How many of them are retried automatically. */
  readonly retrying: number
}

/** SQL: `http_404` from `gave up after 8 attempts: http_404: https://a.test/1 …`; the full text if it has no code. */
function codeOf(column: string): string {
  const code = String.raw`^(?:gave up after \d+ attempts: )?(?!Error:)([A-Za-z]\w*)(?::|$)`
  return `coalesce(substring(${column} from '${code}'), ${column}, '')`
}

const ENDED = ENDED_WITHOUT_FILE.map((fate) => `'${fate}'`).join(', ')

/** Reasons why media failed, by stage, the most frequent first. */
export async function failureReasons(sql: Sql, limit: number): Promise<FailureReason[]> {
  const { rows } = await selectFailureReasons(sql, [limit])
  return rows
}

/** SQL: true if row `m` of post_media failed at the stage; `reason` and `analyser` (`ocr@2`) are parameters. */
export function hasFailed(
  stage: FailureStage,
  { reason, analyser }: { readonly reason?: string | undefined; readonly analyser?: string | undefined },
): string {
  const is = (column: string): string => (reason === undefined ? 'true' : `${codeOf(column)} = ${reason}`)
  const ofContents = (select: string): string => `m.sha256_sum = ANY (ARRAY(${select}))`
  switch (stage) {
    case 'fetch':
      return `(m.fate IN (${ENDED}) AND ${is('m.fate_reason')})`
    case 'inspect':
      return ofContents(
        `SELECT c.sha256_sum FROM mediakeep.contents c WHERE ${uninspected('c')} AND c.inspect_error IS NOT NULL AND ${is('c.inspect_error')}`,
      )
    case 'archive':
      return ofContents(`SELECT c.sha256_sum FROM mediakeep.contents c WHERE ${unarchived('c')}
        AND c.archive_error IS NOT NULL AND c.rejected_at IS NULL AND ${is('c.archive_error')}`)
    case 'analyse':
      return ofContents(`SELECT a.sha256_sum FROM mediakeep.analysers g JOIN mediakeep.analyses a ON a.analyser = g.name
        AND a.analyser_version = g.version AND a.state = 'failed' AND ${is('a.error')}
        ${analyser === undefined ? '' : `AND g.name || '@' || g.version = ${analyser}`}`)
  }
}
