/** A whole number that PostgreSQL's integer holds; anything else counts as not given. */
export function int32(value: number | undefined): number | undefined {
  return Number.isInteger(value) && Math.abs(value!) <= 0x7fffffff ? value : undefined
}
