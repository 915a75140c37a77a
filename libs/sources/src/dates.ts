import { numberOf, textOf, type Value } from './fields.ts'

/** Returns Unix milliseconds of a time in Unix seconds; undefined if there is none, or zero. */
export function unixTime(value: Value): number | undefined {
  const seconds = numberOf(value)
  return seconds === undefined || seconds === 0 ? undefined : Math.trunc(seconds * 1000)
}

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i

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
