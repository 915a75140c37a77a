import { MEDIA_TYPES } from '@mediakeep/content'
import { FATES } from '@mediakeep/media'
import { parameters, type Sql } from '@mediakeep/sql'
import { listPlatforms } from './media-facets.sql.ts'
import { mediaConditions, type MediaConditions } from './media-conditions.ts'

interface FacetCount {
  readonly name: string
  /** At most `MOST_OF_VALUE`: then there may be more. */
  readonly count: number
}

type Facet = 'type' | 'platform' | 'fate' | 'status'
export type MediaFacets = Readonly<Record<Facet, readonly FacetCount[]>>

/** Each value is counted up to here, so that no count reads a whole archive. */
export const MOST_OF_VALUE = 1_000

/** Analysis statuses of a row; `not_started` includes those that older tools left. */
const STATUSES = ['not_started', 'started', 'completed', 'failed']

/** Platforms are not a fixed list; more than these are not offered. */
const MOST_PLATFORMS = 30

/**
 * Counts, for each value of a facet, the media that the filter would show with it: with its other conditions, and
 * without its own of that facet. Values without media are left out.
 */
export async function mediaFacets(sql: Sql, filter: MediaConditions): Promise<MediaFacets> {
  const platforms = await listPlatforms(sql, [MOST_PLATFORMS])
  const values: Record<Facet, readonly string[]> = {
    type: MEDIA_TYPES,
    platform: platforms.rows.map(({ platform }) => platform),
    fate: FATES,
    status: STATUSES,
  }
  const { values: bound, bind } = parameters()
  // A query for each value: with the value in it, the planner knows whether it is rare, and takes an index then.
  const counts = Object.entries(values).flatMap(([facet, names]) =>
    names.map((name) => {
      const where = mediaConditions({ ...filter, [facet]: name })(bind)
      return `SELECT ${bind(facet)}::text AS facet, ${bind(name)}::text AS name, (SELECT count(*) FROM (
        SELECT FROM public.post_media m WHERE ${where.join(' AND ')} LIMIT ${MOST_OF_VALUE}) found) AS count`
    }),
  )
  const { rows } = await sql.query<FacetCount & { readonly facet: Facet }>(
    counts.join(' UNION ALL '),
    bound,
    {
      weight: 'slow',
    },
  )
  const found = (facet: Facet): readonly FacetCount[] =>
    rows.filter((row) => row.facet === facet && row.count > 0).map(({ name, count }) => ({ name, count }))
  return { type: found('type'), platform: found('platform'), fate: found('fate'), status: found('status') }
}
