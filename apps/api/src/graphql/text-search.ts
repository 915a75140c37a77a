/**
 * SQL: the ids of the posts whose text has the words of a search. Found first, through posts_text_search_idx, whose
 * expression this is: left to itself, the planner walks the list in order and looks at every post's text.
 */
export function postsWithText(parameter: string): string {
  return `ANY (ARRAY(SELECT f.post_id FROM public.posts f
    WHERE to_tsvector('simple', left(coalesce(f.text_content, ''), 100000)) @@ websearch_to_tsquery('simple', ${parameter})))`
}
