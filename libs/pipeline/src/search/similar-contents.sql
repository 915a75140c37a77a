-- @name selectSimilar
-- Computes the bands as analyses_perceptual_hash_idx does: 4 of 16 bits.
-- @params mediaId flips maxDistance limit
-- @notNull distance
WITH given AS MATERIALIZED (
  SELECT g.perceptual_hash AS hash FROM public.post_media m JOIN mediakeep.analyses g USING (sha256_sum)
  WHERE m.media_id = $1 AND g.perceptual_hash IS NOT NULL ORDER BY g.finished_at DESC LIMIT 1),
probes AS MATERIALIZED (
  SELECT array_agg((((g.hash >> (band * 16)) & 65535)::integer # flip) | (band << 16)) AS bands
  FROM given g CROSS JOIN generate_series(0, 3) band CROSS JOIN unnest($2::integer[]) flip)
SELECT a.sha256_sum AS sha256, min(d.distance) AS distance
FROM mediakeep.analyses a
CROSS JOIN LATERAL (
  SELECT bit_count((a.perceptual_hash # (SELECT hash FROM given))::bit(64)) AS distance) d
WHERE a.perceptual_hash IS NOT NULL AND ARRAY[
    (a.perceptual_hash & 65535)::integer,
    ((a.perceptual_hash >> 16) & 65535)::integer | 65536,
    ((a.perceptual_hash >> 32) & 65535)::integer | 131072,
    ((a.perceptual_hash >> 48) & 65535)::integer | 196608] && (SELECT bands FROM probes)
  AND d.distance <= $3
GROUP BY a.sha256_sum ORDER BY 2, 1 LIMIT $4;
