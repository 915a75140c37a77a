-- @name readSnippets
-- Reads the words around the hits of a search, for each media item: in the text of its post, else in its alternative
-- text, else in what an analyser found.
-- Hits lie between the characters 2 and 3, which are removed from the texts first. The conditions are those of the search.
-- @params mediaIds search
SELECT m.media_id AS id, coalesce(
  (SELECT ts_headline('simple', left(translate(f.text_content, E'\x02\x03', ''), 20000), websearch_to_tsquery('simple', $2),
     E'StartSel=\x02, StopSel=\x03, MaxFragments=1, MaxWords=18, MinWords=9')
   FROM public.posts f WHERE f.post_id = m.post_id
     AND to_tsvector('simple', left(coalesce(f.text_content, ''), 100000)) @@ websearch_to_tsquery('simple', $2)),
  CASE WHEN to_tsvector('simple', m.alt_text) @@ websearch_to_tsquery('simple', $2)
    THEN ts_headline('simple', translate(m.alt_text, E'\x02\x03', ''), websearch_to_tsquery('simple', $2),
      E'StartSel=\x02, StopSel=\x03, MaxFragments=1, MaxWords=18, MinWords=9') END,
  (SELECT ts_headline('simple', left(translate(a.search_text, E'\x02\x03', ''), 20000), websearch_to_tsquery('simple', $2),
     E'StartSel=\x02, StopSel=\x03, MaxFragments=1, MaxWords=18, MinWords=9')
   FROM mediakeep.analyses a WHERE a.sha256_sum = m.sha256_sum
     AND to_tsvector('simple', a.search_text) @@ websearch_to_tsquery('simple', $2)
   ORDER BY a.analyser LIMIT 1)) AS headline
FROM public.post_media m WHERE m.media_id = ANY ($1);
