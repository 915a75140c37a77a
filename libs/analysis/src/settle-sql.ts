import { PROJECTED, STANDS } from './project.ts'
import { analysisQueue } from './queue.ts'

const FIRST_RETRY_SECONDS = 10
const LONGEST_RETRY_SECONDS = 3600
/** Earlier results that are kept. */
const KEPT_RESULTS = 3

// Twice as long after each attempt, and a little apart from what failed at the same moment.
const WAIT = `make_interval(secs => (0.8 + 0.4 * random())
  * least(${LONGEST_RETRY_SECONDS}, ${FIRST_RETRY_SECONDS} * 2 ^ (q.analysis_attempts - 1)))`
const IS_OVER = `g.event IN ('failed', 'expired')
  AND (q.analysis_attempts >= $15 OR (g.event = 'failed' AND NOT g.retryable))`
const EARLIER = `CASE WHEN g.result IS NULL OR q.result IS NULL THEN q.earlier_results
  ELSE coalesce(CASE WHEN jsonb_array_length(q.earlier_results) < ${KEPT_RESULTS}
    THEN q.earlier_results ELSE q.earlier_results - 0 END, '[]') || jsonb_build_array(
      jsonb_build_object('result', q.result, 'model', q.model, 'finishedAt', q.finished_at)) END`
const ADDED = (column: string): string =>
  `CASE WHEN g.${column} IS NULL THEN q.${column} ELSE coalesce(q.${column}, 0) + g.${column} END`

/**
 * Ends attempts, each naming its token: what they brought, the next attempt or none, the rows and their logs, the
 * event, what was used. $1 ids, $2 tokens, $3 events, $4 retryable, $5 errors, $6 results, $7 search texts,
 * $8 perceptual hashes, $9 thumbhashes, $10 colours, $11 models, $12 tokens used, $13 costs, $14 durations (ms),
 * $15 the limit of attempts.
 */
export const SETTLE = `WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::boolean[], $5::text[], $6::jsonb[], $7::text[],
      $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::double precision[], $14::bigint[])
    AS g (id, token, event, retryable, error, result, search_text, perceptual_hash, thumbhash, dominant_color,
      model, tokens_used, cost_usd, duration_ms)),
  ended AS (
    UPDATE mediakeep.analyses q SET
      state = CASE WHEN g.event = 'completed' THEN 'completed' WHEN ${IS_OVER} THEN 'failed' ELSE 'pending' END,
      analysis_attempts = CASE g.event WHEN 'released' THEN q.analysis_attempts - 1 ELSE q.analysis_attempts END,
      error = CASE g.event WHEN 'completed' THEN NULL WHEN 'released' THEN q.error
        WHEN 'expired' THEN 'the lease expired' ELSE g.error END,
      finished_at = CASE WHEN g.event = 'completed' OR (${IS_OVER}) THEN now() ELSE q.finished_at END,
      earlier_results = ${EARLIER},
      result = coalesce(g.result, q.result),
      search_text = CASE WHEN g.result IS NULL THEN q.search_text ELSE g.search_text END,
      perceptual_hash = CASE WHEN g.result IS NULL THEN q.perceptual_hash
        ELSE ('x' || g.perceptual_hash)::bit(64)::bigint END,
      thumbhash = CASE WHEN g.result IS NULL THEN q.thumbhash ELSE g.thumbhash END,
      dominant_color = CASE WHEN g.result IS NULL THEN q.dominant_color ELSE g.dominant_color END,
      model = coalesce(g.model, q.model), duration_ms = coalesce(g.duration_ms, q.duration_ms),
      tokens_used = ${ADDED('tokens_used')}, cost_usd = ${ADDED('cost_usd')},
      ${analysisQueue.ended(`CASE WHEN g.event IN ('released', 'expired') THEN now()
        WHEN g.event = 'failed' AND NOT (${IS_OVER}) THEN now() + ${WAIT} END`)}
    FROM given g WHERE q.analysis_id = g.id AND q.analysis_lease_token = g.token
    RETURNING q.*, g.event, g.duration_ms AS took_ms, g.tokens_used AS took_tokens, g.cost_usd AS took_usd,
      g.model AS took_model),
  used AS (
    INSERT INTO mediakeep.analysis_usage AS u (analyser, day, tokens_used, cost_usd)
    SELECT e.analyser, (now() AT TIME ZONE 'UTC')::date, coalesce(sum(e.took_tokens), 0), coalesce(sum(e.took_usd), 0)
    FROM ended e WHERE e.took_tokens > 0 OR e.took_usd > 0 GROUP BY e.analyser ORDER BY e.analyser
    ON CONFLICT (analyser, day) DO UPDATE SET tokens_used = u.tokens_used + excluded.tokens_used,
      cost_usd = u.cost_usd + excluded.cost_usd),
  changed AS MATERIALIZED (
    SELECT e.analysis_id, e.sha256_sum, e.analyser, g.name IS NOT NULL AS is_configured, e.state, false AS is_live,
      e.result
    FROM ended e LEFT JOIN mediakeep.analysers g ON g.name = e.analyser AND g.version = e.analyser_version),
  news AS MATERIALIZED (
    SELECT e.sha256_sum, 'ai_analysis_' || e.event AS event, e.took_model AS model,
      jsonb_build_object('analyser', e.analyser, 'version', e.analyser_version,
        'attempt', CASE e.event WHEN 'released' THEN NULL ELSE e.analysis_attempts END, 'worker', e.worker,
        'analysis_time_ms', e.took_ms, 'tokens_used', e.took_tokens, 'cost_usd', e.took_usd,
        'error', CASE WHEN e.event IN ('failed', 'expired') THEN e.error END,
        'retry_at', CASE WHEN e.event = 'failed' THEN e.analysis_not_before END) AS details
    FROM ended e),
  ${STANDS},
  ${PROJECTED}
  SELECT e.analysis_id AS id, e.state FROM ended e`
