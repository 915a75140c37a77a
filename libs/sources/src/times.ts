import { InvalidPostError } from '@mediakeep/plugin-api'
import { textOf, type Value } from './fields.ts'

const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** Returns the time when it is between 2000 and 2100, in Unix milliseconds. */
export function plausibleTime(time: number | undefined): number | undefined {
  return time !== undefined && time >= EARLIEST && time < LATEST ? Math.trunc(time) : undefined
}

/** @throws InvalidPostError if there is no time, or none between 2000 and 2100 */
export function requireTime(time: number | undefined, pointer: string): number {
  const plausible = plausibleTime(time)
  if (plausible !== undefined) return plausible
  throw new InvalidPostError(pointer, 'not a time between 2000 and 2100', 'date_out_of_range')
}

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/

/** Reads ISO 8601 with a time zone. A time without one is ambiguous and is not read. */
export function isoTime(value: Value): number | undefined {
  const text = textOf(value)
  if (text === undefined || !ISO.test(text)) return undefined
  const time = Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return plausibleTime(time)
}

/** Reads the time in an id whose upper bits count the milliseconds since `epoch`. */
export function timeInId(id: string, bits: bigint, epoch = 0): number | undefined {
  return /^\d{1,20}$/.test(id) ? plausibleTime(Number(BigInt(id) >> bits) + epoch) : undefined
}
