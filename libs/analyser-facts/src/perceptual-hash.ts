import sharp from 'sharp'

const SIDE = 32
const LOW = 8

/** Basis of the DCT-II, the lowest 8 frequencies over 32 samples. */
const COSINES = Array.from({ length: LOW }, (_, frequency) =>
  Array.from({ length: SIDE }, (__, n) => Math.cos((Math.PI * frequency * (2 * n + 1)) / (2 * SIDE))),
)

/**
 * pHash (Zauner 2010, as `imagehash` and others compute it): scales the picture to 32 x 32 in grey, and compares each
 * of its 64 lowest frequencies with their median. Similar pictures differ in few bits.
 *
 * @returns 64 bits as 16 hex digits, the lowest frequency first
 */
export async function perceptualHash(picture: Uint8Array): Promise<string> {
  const grey = await sharp(picture)
    .toColourspace('b-w')
    .resize({ width: SIDE, height: SIDE, fit: 'fill' })
    .raw()
    .toBuffer()
  const strengths = lowFrequencies(grey)
  const sorted = [...strengths].sort((a, b) => a - b)
  const median = (sorted[31]! + sorted[32]!) / 2
  const bits = strengths.map((strength) => (strength > median ? '1' : '0')).join('')
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0')
}

function lowFrequencies(grey: Uint8Array): number[] {
  // Rows first, then columns: the transform is separable.
  const rows = Array.from({ length: SIDE }, (_, y) =>
    COSINES.map((cosines) => dot(cosines, (x) => grey[y * SIDE + x]!)),
  )
  return COSINES.flatMap((cosines) => COSINES.map((_, u) => dot(cosines, (y) => rows[y]![u]!)))
}

function dot(cosines: readonly number[], value: (n: number) => number): number {
  return cosines.reduce((sum, cosine, n) => sum + cosine * value(n), 0)
}
