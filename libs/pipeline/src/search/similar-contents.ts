import type { Sql } from '@mediakeep/sql'
import { MAX_DISTANCE } from './filter-values.ts'
import { selectSimilar } from './similar-contents.sql.ts'

const BAND_BITS = 16
const BANDS = 4

/** Maximum number of similar contents: more are blank images, which nobody pages through. */
const MOST = 10_000

/** Contents with the distance of their perceptual hash in bits, nearest first. */
export type Near = readonly { readonly sha256: string; readonly distance: number }[]

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
  const { rows } = await selectSimilar(sql, [mediaId, flipsWithin(maxDistance), maxDistance, MOST])
  return rows
}

const ONES = Array.from({ length: BAND_BITS }, (_, bit) => 1 << bit)
const TWOS = ONES.flatMap((one, at) => ONES.slice(at + 1).map((other) => one | other))

/** Returns the bit flips to try in each band: in one of them, the hashes differ by at most `distance / BANDS` bits. */
function flipsWithin(distance: number): number[] {
  const radius = Math.floor(distance / BANDS)
  return [0, ...(radius >= 1 ? ONES : []), ...(radius >= 2 ? TWOS : [])]
}
