/** Returns whole numbers that fit PostgreSQL's integer; anything else counts as absent. */
export function int32(value: number | undefined): number | undefined {
  return Number.isInteger(value) && Math.abs(value!) <= 0x7fffffff ? value : undefined
}
