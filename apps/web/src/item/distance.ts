/** Returns the number of bits, of 64, in which two perceptual hashes (16 hex digits) differ. */
export function hashDistance(one: string, other: string): number {
  let different = BigInt(`0x${one}`) ^ BigInt(`0x${other}`)
  let count = 0
  for (; different > 0n; different &= different - 1n) count++
  return count
}

/** Describes a distance in words. */
export function nearnessOf(distance: number): string {
  if (distance === 0) return 'the same picture'
  if (distance <= 4) return 'nearly the same'
  return 'similar'
}
