/**
 * SQL for a post's time in Unix milliseconds. The original tool stores seconds for YouTube and Substack posts. Read as
 * milliseconds, seconds up to the year 5138 would be before March 1973, when neither existed. An index of `public.posts` has this
 * expression.
 *
 * @param alias of public.posts
 */
export function postedAtMillis(alias: string): string {
  const time = `${alias}.posted_at_timestamp`
  return `(CASE WHEN ${alias}.platform IN ('youtube', 'substack') AND ${time} > -100000000000 AND ${time} < 100000000000
    THEN ${time} * 1000 ELSE ${time} END)`
}

/** The same for a row already read: its time in Unix milliseconds. */
export function readPostedAtMillis(platform: string | null, timestamp: bigint): number {
  const time = Number(timestamp)
  const isSeconds = (platform === 'youtube' || platform === 'substack') && Math.abs(time) < 100_000_000_000
  return isSeconds ? time * 1000 : time
}
