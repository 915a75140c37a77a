import type { Sql } from '@mediakeep/sql'
import { MAX_DISTANCE } from './filter-values.ts'

const BAND_BITS = 16
const BANDS = 4

/** Contents with the distance of their perceptual hash in bits, nearest first. */
export type Near = readonly { readonly sha256: string; readonly distance: number }[]

/** Maximum number of similar contents: more are blank images, which nobody pages through. */
const MOST = 10_000

/**
 * Returns contents whose perceptual hash is at most `maxDistance` bits from that of a media item; empty when the item
 * has no hash. Uses analyses_perceptual_hash_idx with multi-index hashing (Norouzi, Punjani, Fleet: Fast Search in
 * Hamming Space with Multi-Index Hashing, 2012).
 *
 * @throws RangeError for a distance that the index cannot find
 */
export async function similarContents(sql: Sql, mediaId: string, maxDistance: number): Promise<Near> {
  if (maxDistance < 0 || maxDistance > MAX_DISTANCE)
    throw new RangeError(`The distance must be between 0 and ${MAX_DISTANCE}, not ${maxDistance}.`)
  const { rows } = await sql.query<Near[number]>(SIMILAR, [mediaId, flipsWithin(maxDistance), maxDistance])
  return rows
}

// Computes the bands as the index does.
const SIMILAR = `WITH given AS MATERIALIZED (
    SELECT g.perceptual_hash AS hash FROM public.post_media m JOIN mediakeep.analyses g USING (sha256_sum)
    WHERE m.media_id = $1 AND g.perceptual_hash IS NOT NULL ORDER BY g.finished_at DESC LIMIT 1),
  probes AS MATERIALIZED (
    SELECT array_agg((((g.hash >> (band * ${BAND_BITS})) & 65535)::integer # flip) | (band << ${BAND_BITS})) AS bands
    FROM given g CROSS JOIN generate_series(0, ${BANDS - 1}) band CROSS JOIN unnest($2::integer[]) flip)
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
  GROUP BY a.sha256_sum ORDER BY 2, 1 LIMIT ${MOST}`

const ONES = Array.from({ length: BAND_BITS }, (_, bit) => 1 << bit)
const TWOS = ONES.flatMap((one, at) => ONES.slice(at + 1).map((other) => one | other))

/** Returns the bit flips to try in each band: in one of them, the hashes differ by at most `distance / BANDS` bits. */
function flipsWithin(distance: number): number[] {
  const radius = Math.floor(distance / BANDS)
  return [0, ...(radius >= 1 ? ONES : []), ...(radius >= 2 ? TWOS : [])]
}
