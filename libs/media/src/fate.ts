/** Possible fates of a media reference. A `failed` one is retried as long as it has a time for that. */
export const FATES = ['waiting', 'fetched', 'expired', 'gone', 'blocked', 'rejected', 'failed'] as const
export type Fate = (typeof FATES)[number]

/**
 * All allowed changes of fate. No fate is final: a fresh URL, a request or a released file reopens each of them,
 * and only a waiting row can fail.
 */
export const FATE_CHANGES: Readonly<Record<Fate, readonly Fate[]>> = {
  waiting: ['fetched', 'expired', 'gone', 'blocked', 'rejected', 'failed'],
  fetched: ['waiting', 'rejected'],
  expired: ['waiting', 'fetched', 'rejected'],
  gone: ['waiting', 'fetched', 'rejected'],
  blocked: ['waiting', 'fetched', 'rejected'],
  rejected: ['waiting', 'fetched'],
  failed: ['waiting', 'fetched', 'rejected'],
}

/** Fates of references without a file that do not get one automatically; `failed` may still have retries left. */
export const ENDED_WITHOUT_FILE = [
  'failed',
  'expired',
  'gone',
  'blocked',
  'rejected',
] as const satisfies Fate[]

/** Rows per transaction, and changes per event: a million rows may show one content. */
export const ROWS_AT_ONCE = 1000

/**
 * SQL: the INSERT that reports changes of media to subscribers. Included in every statement that changes a fate, or
 * whether media are archived.
 *
 * @param changes SQL that yields `media_id`, `post_id`, `what` (`fate` or `archive`), `old_status` and `new_status`
 */
export function reportChanges(changes: string): string {
  return `INSERT INTO mediakeep.events (kind, changes)
    SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', c.media_id, 'postId', c.post_id, 'what', c.what,
      'from', c.old_status, 'to', c.new_status) ORDER BY c.media_id, c.what DESC)
    FROM (SELECT g.*, (row_number() OVER () - 1) / ${ROWS_AT_ONCE} AS part FROM (${changes}) g) c GROUP BY c.part`
}
