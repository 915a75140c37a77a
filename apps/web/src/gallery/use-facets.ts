import { MediaFacetsDocument, type MediaFacetsQuery, type MediaFilter } from '@mediakeep/client'
import { useQuery } from 'urql'

/** Counts in words, by value. */
export type FacetCounts = ReadonlyMap<string, string>

export type Facets = Readonly<Record<'types' | 'platforms' | 'fates' | 'statuses', FacetCounts>>

/** The server counts no further. */
const MOST = 1_000

/** Returns how many items each choice of a filter would show; undefined until they are counted. */
export function useFacets(filter: MediaFilter): Facets | undefined {
  const [{ data }] = useQuery({
    query: MediaFacetsDocument,
    variables: { filter },
    requestPolicy: 'cache-and-network',
  })
  if (!data) return undefined
  const { types, platforms, fates, statuses } = data.mediaFacets
  return {
    types: inWords(types),
    platforms: inWords(platforms),
    fates: inWords(fates),
    statuses: inWords(statuses),
  }
}

function inWords(counts: MediaFacetsQuery['mediaFacets']['types']): FacetCounts {
  return new Map(
    counts.map(({ name, count }) => [name, `${count.toLocaleString()}${count >= MOST ? '+' : ''}`]),
  )
}
