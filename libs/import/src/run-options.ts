/** SQL of the run's position within a file that has members. */
export const NEXT_MEMBER = `coalesce((options ->> 'member')::integer, 0)`

/** SQL of an object that holds the run's counts under `key`, with more counts added. */
export function addCounts(key: 'skipped' | 'formats', counts: string): string {
  return `CASE WHEN ${counts} = '{}' THEN '{}' ELSE jsonb_build_object('${key}', (
    SELECT jsonb_object_agg(name, total) FROM (
      SELECT name, sum(count::bigint) AS total
      FROM (SELECT * FROM jsonb_each_text(coalesce(options -> '${key}', '{}'))
        UNION ALL SELECT * FROM jsonb_each_text(${counts})) counted (name, count)
      GROUP BY name) totals)) END`
}

/** Counts equal names. */
export function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
