const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * Parses `90d`, `12h` and `30m` from now, or a date (its first instant in UTC).
 *
 * @returns undefined if it is none of these, or not in the future
 */
export function parseExpiry(text: string, now: Date): Date | undefined {
  const span = /^(\d{1,6})([mhd])$/.exec(text)
  const isDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text)
  const time = span
    ? now.getTime() + Number(span[1]) * UNITS_MS[span[2] as keyof typeof UNITS_MS]
    : isDate
      ? Date.parse(text)
      : NaN
  return time > now.getTime() ? new Date(time) : undefined
}
