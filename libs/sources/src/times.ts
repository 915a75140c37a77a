import { InvalidPostError } from '@mediakeep/plugin-api'
import { numberOf, textOf, type Value } from './fields.ts'

const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** Returns the time if it is between 2000 and 2100, in Unix milliseconds. */
export function plausibleTime(time: number | undefined): number | undefined {
  return time !== undefined && time >= EARLIEST && time < LATEST ? Math.trunc(time) : undefined
}

/** @throws InvalidPostError if there is no time, or none between 2000 and 2100 */
export function requireTime(time: number | undefined, pointer: string): number {
  const plausible = plausibleTime(time)
  if (plausible !== undefined) return plausible
  throw new InvalidPostError(pointer, 'not a time between 2000 and 2100', 'date_out_of_range')
}

/** Returns Unix milliseconds of a time in Unix seconds; undefined if there is none, or zero. */
export function unixTime(value: Value): number | undefined {
  const seconds = numberOf(value)
  return seconds === undefined || seconds === 0 ? undefined : Math.trunc(seconds * 1000)
}

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i

/**
 * Returns Unix milliseconds of a date such as `2024-05-01 10:00:00`, `2024-05-01T10:00:00.000Z` or `2024-05-01`. Reads a
 * date without a time zone as UTC: use it only for sources that write UTC.
 */
export function utcDate(value: Value): number | undefined {
  const match = DATE.exec(textOf(value)?.trim() ?? '')
  if (!match) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = match
  const offset = /^[+-]/.test(zone) ? zone.replace(/^(...):?(..)$/, '$1:$2') : 'Z'
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3)
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`)
  // JavaScript reads 31 February as 2 March.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  return Number.isNaN(time) || !isDay ? undefined : time
}

const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/

/** Reads ISO 8601 with a time zone. A time without one is ambiguous and is not read. */
export function isoTime(value: Value): number | undefined {
  return ISO_WITH_ZONE.test(textOf(value) ?? '') ? plausibleTime(utcDate(value)) : undefined
}

/** Reads the time in an id whose upper bits count the milliseconds since `epoch`. */
export function timeInId(id: string, bits: bigint, epoch = 0): number | undefined {
  return /^\d{1,20}$/.test(id) ? plausibleTime(Number(BigInt(id) >> bits) + epoch) : undefined
}
