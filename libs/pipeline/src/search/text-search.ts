import type { Sql } from '@mediakeep/sql'

// Must match posts_text_search_idx, post_media_alt_text_idx and analyses_search_idx.
const POST_WORDS = `to_tsvector('simple', left(coalesce(f.text_content, ''), 100000))`
const altWords = (alias: string): string => `to_tsvector('simple', ${alias}.alt_text)`
const PICTURE_WORDS = `to_tsvector('simple', a.search_text)`

const matches = (words: string, parameter: string): string =>
  `${words} @@ websearch_to_tsquery('simple', ${parameter})`

/**
 * The plan of a word search. `index`: finds all matches through the index, then the page; fast for few matches, but
 * the planner left to itself would walk the list and check every text. `walk`: goes down the list and checks each
 * text; fast for many matches, because the page fills soon.
 */
export type SearchPlan = 'index' | 'walk'

/** Maximum number of matching texts for `index`; with more, `walk` is faster. */
const MOST_BY_INDEX = 10_000

/** Counts the matching texts by index, only as far as needed, and chooses the plan. */
export async function planSearch(sql: Sql, text: string, isOfMedia: boolean): Promise<SearchPlan> {
  const posts = `SELECT FROM public.posts f WHERE ${matches(POST_WORDS, '$1')}`
  const pictures = `SELECT FROM mediakeep.analyses a WHERE ${matches(PICTURE_WORDS, '$1')}`
  const altTexts = `SELECT FROM public.post_media t WHERE ${matches(altWords('t'), '$1')}`
  const ofMedia = ` UNION ALL (${pictures} LIMIT $2) UNION ALL (${altTexts} LIMIT $2)`
  const { rows } = await sql.query<{ found: number }>(
    `SELECT count(*) AS found FROM (
       (${posts} LIMIT $2)${isOfMedia ? ofMedia : ''}) found`,
    [text, MOST_BY_INDEX + 1],
    { weight: 'slow' },
  )
  return rows[0]!.found > MOST_BY_INDEX ? 'walk' : 'index'
}

/** SQL condition: the text of the post `postId` matches a search. */
export function postHasWords(postId: string, parameter: string, plan: SearchPlan): string {
  if (plan === 'walk')
    return `(SELECT ${matches(POST_WORDS, parameter)} FROM public.posts f WHERE f.post_id = ${postId})`
  return `${postId} = ANY (ARRAY(SELECT f.post_id FROM public.posts f WHERE ${matches(POST_WORDS, parameter)}))`
}

/** SQL condition: the alternative text of the row `media` of `post_media`, an alias, matches a search. */
export function altTextHasWords(media: string, parameter: string, plan: SearchPlan): string {
  if (plan === 'walk') return `coalesce(${matches(altWords(media), parameter)}, false)`
  return `${media}.media_id = ANY (ARRAY(SELECT t.media_id FROM public.post_media t
    WHERE ${matches(altWords('t'), parameter)}))`
}

/** SQL condition: something found in the content `sha256` (text, captions, labels) matches a search. */
export function contentHasWords(sha256: string, parameter: string, plan: SearchPlan): string {
  if (plan === 'walk')
    return `(SELECT coalesce(bool_or(${matches(PICTURE_WORDS, parameter)}), false)
      FROM mediakeep.analyses a WHERE a.sha256_sum = ${sha256})`
  return `${sha256} = ANY (ARRAY(SELECT a.sha256_sum FROM mediakeep.analyses a
    WHERE ${matches(PICTURE_WORDS, parameter)}))`
}
