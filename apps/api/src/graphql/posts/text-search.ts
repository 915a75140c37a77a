import { z } from 'zod'
import type { Sql } from '@mediakeep/sql'

/** What may be searched for: PostgreSQL works on every word of it. */
export const searchText = z.string().max(1000, 'A search may have 1,000 characters.')

// As posts_text_search_idx and analyses_search_idx have it.
const POST_WORDS = `to_tsvector('simple', left(coalesce(f.text_content, ''), 100000))`
const PICTURE_WORDS = `to_tsvector('simple', a.search_text)`

const matches = (words: string, parameter: string): string =>
  `${words} @@ websearch_to_tsquery('simple', ${parameter})`

/**
 * How the words of a search are found. `index`: all that has them first, through the index, then the page of it: the
 * fewer there are the faster, and left to itself the planner walks the list and looks at every text. `walk`: down the
 * list, looking at each text: the more there are the sooner the page is full.
 */
export type SearchPlan = 'index' | 'walk'

/** So many texts may have the words before walking is faster. */
const MOST_BY_INDEX = 10_000

/** Counts the texts that have the words of a search, by index and no further than it matters. */
export async function planSearch(sql: Sql, text: string, isOfMedia: boolean): Promise<SearchPlan> {
  const posts = `SELECT FROM public.posts f WHERE ${matches(POST_WORDS, '$1')}`
  const pictures = `SELECT FROM mediakeep.analyses a WHERE ${matches(PICTURE_WORDS, '$1')}`
  const { rows } = await sql.query<{ found: number }>(
    `SELECT count(*) AS found FROM (
       (${posts} LIMIT $2)${isOfMedia ? ` UNION ALL (${pictures} LIMIT $2)` : ''}) found`,
    [text, MOST_BY_INDEX + 1],
  )
  return rows[0]!.found > MOST_BY_INDEX ? 'walk' : 'index'
}

/** SQL: whether the text of the post `postId` has the words of a search. */
export function postHasWords(postId: string, parameter: string, plan: SearchPlan): string {
  if (plan === 'walk')
    return `(SELECT ${matches(POST_WORDS, parameter)} FROM public.posts f WHERE f.post_id = ${postId})`
  return `${postId} = ANY (ARRAY(SELECT f.post_id FROM public.posts f WHERE ${matches(POST_WORDS, parameter)}))`
}

/** SQL: whether what was found in the content `sha256` (text, captions, labels) has the words of a search. */
export function contentHasWords(sha256: string, parameter: string, plan: SearchPlan): string {
  if (plan === 'walk')
    return `(SELECT coalesce(bool_or(${matches(PICTURE_WORDS, parameter)}), false)
      FROM mediakeep.analyses a WHERE a.sha256_sum = ${sha256})`
  return `${sha256} = ANY (ARRAY(SELECT a.sha256_sum FROM mediakeep.analyses a
    WHERE ${matches(PICTURE_WORDS, parameter)}))`
}
