-- @name nextAuthors
-- Reads user names of authors that begin with a text, in any case, each once and in order. Goes from name to name along
-- `posts_author_prefix_idx`, however many posts each has. Ranges instead of LIKE: a prepared plan could not use the index for
-- a pattern that it does not know.
-- @params prefix limit
-- @param prefix: string
-- @notNull name
WITH RECURSIVE found (folded, name) AS (
  (SELECT lower(p.author_username), p.author_username FROM public.posts p
   WHERE lower(p.author_username) ~>=~ lower($1) AND lower(p.author_username) ~<~ (lower($1) || U&'\+10FFFF')
   ORDER BY lower(p.author_username) USING ~<~ LIMIT 1)
  UNION ALL
  SELECT next.* FROM found CROSS JOIN LATERAL (
    SELECT lower(p.author_username), p.author_username FROM public.posts p
    WHERE lower(p.author_username) ~>~ found.folded AND lower(p.author_username) ~<~ (lower($1) || U&'\+10FFFF')
    ORDER BY lower(p.author_username) USING ~<~ LIMIT 1) next)
SELECT name FROM found LIMIT $2;
