import { unseen } from '@mediakeep/sql'
import { PROJECTED, stands } from './project.ts'
import { analysisQueue } from './queue.ts'

/** Number of earlier results to keep. */
const KEPT_RESULTS = 3

// Written this way so that the planner does not conclude from the tokens that there is only one row.
const HELD = `CASE WHEN q.analysis_lease_token = g.token
  THEN NOT g.expired OR q.analysis_lease_expires_at < now() ELSE false END`
const EARLIER = `CASE WHEN g.result IS NULL OR q.result IS NULL THEN q.earlier_results
  ELSE coalesce(CASE WHEN jsonb_array_length(q.earlier_results) < ${KEPT_RESULTS}
    THEN q.earlier_results ELSE q.earlier_results - 0 END, '[]') || jsonb_build_array(
      jsonb_build_object('result', q.result, 'model', q.model, 'finishedAt', q.finished_at)) END`
/** A holder whose lease expired is presumed dead. */
const DEATHS = 'CASE WHEN g.expired THEN q.analysis_deaths ELSE 0 END'
const ADDED = (column: string): string =>
  `CASE WHEN g.${column} IS NULL THEN q.${column} ELSE coalesce(q.${column}, 0) + g.${column} END`

const USED = `used AS (
    INSERT INTO mediakeep.analysis_usage AS u (analyser, day, tokens_used, cost_usd)
    SELECT e.analyser, (now() AT TIME ZONE 'UTC')::date, coalesce(sum(e.took_tokens), 0), coalesce(sum(e.took_usd), 0)
    FROM ended e WHERE e.took_tokens > 0 OR e.took_usd > 0 GROUP BY e.analyser ORDER BY e.analyser
    ON CONFLICT (analyser, day) DO UPDATE SET tokens_used = u.tokens_used + excluded.tokens_used,
      cost_usd = u.cost_usd + excluded.cost_usd),`

/** Input per ending: the parameters in order, one array each. */
const GIVEN =
  `id text, token uuid, expired boolean, state text, wait float8, attempts integer, error text, result jsonb,
  search_text text, perceptual_hash text, thumbhash text, dominant_color text, model text, tokens_used bigint,
  cost_usd float8, duration_ms bigint, rest text`
    .split(/,\s+/)
    .map((column, n) => {
      const [name, type] = column.split(' ')
      return { name, array: unseen(n + 1, `${type}[]`) }
    })
const ARRAYS = GIVEN.map(({ array }) => array).join(', ')
const NAMES = GIVEN.map(({ name }) => name).join(', ')

/**
 * Ends attempts by lease token: writes results, rows, logs and the event. $1 ids, $2 tokens,
 * $3 only if expired, $4 states, $5 seconds until the next attempt (null: none), $6 attempts, $7 errors,
 * $8 results, $9 search texts, $10 perceptual hashes, $11 thumbhashes, $12 colours, $13 models, $14 tokens used,
 * $15 costs, $16 durations (ms), $17 log entries.
 */
export function settleStatement({ counts }: { readonly counts: boolean }): string {
  return `WITH given AS MATERIALIZED (
    SELECT * FROM unnest(${ARRAYS}) AS g (${NAMES})),
  ended AS (
    UPDATE mediakeep.analyses q SET state = g.state, analysis_attempts = g.attempts, error = g.error,
      finished_at = CASE g.state WHEN 'pending' THEN q.finished_at ELSE now() END,
      earlier_results = ${EARLIER},
      result = coalesce(g.result, q.result),
      search_text = CASE WHEN g.result IS NULL THEN q.search_text ELSE g.search_text END,
      perceptual_hash = CASE WHEN g.result IS NULL THEN q.perceptual_hash
        ELSE ('x' || g.perceptual_hash)::bit(64)::bigint END,
      thumbhash = CASE WHEN g.result IS NULL THEN q.thumbhash ELSE g.thumbhash END,
      dominant_color = CASE WHEN g.result IS NULL THEN q.dominant_color ELSE g.dominant_color END,
      model = coalesce(g.model, q.model), duration_ms = coalesce(g.duration_ms, q.duration_ms),
      tokens_used = ${ADDED('tokens_used')}, cost_usd = ${ADDED('cost_usd')},
      ${analysisQueue.ended('now() + make_interval(secs => g.wait)', DEATHS)}
    FROM given g WHERE q.analysis_id = g.id AND ${HELD}
    RETURNING q.analysis_id, q.sha256_sum, q.analyser, q.analyser_version, q.state, q.result, q.finished_at, g.rest,
      g.tokens_used AS took_tokens, g.cost_usd AS took_usd),
  ${counts ? USED : ''}
  changed AS MATERIALIZED (
    SELECT e.analysis_id, e.sha256_sum, e.analyser, g.name IS NOT NULL AS is_configured, e.state, false AS is_live,
      e.result, e.finished_at, e.rest
    FROM ended e LEFT JOIN mediakeep.analysers g ON g.name = e.analyser AND g.version = e.analyser_version),
  ${stands('ended n')},
  ${PROJECTED}
  SELECT e.analysis_id AS id, e.state FROM ended e`
}
