import type { ThroughputQuery, ThroughputUnit } from '@mediakeep/client'

export type Unit = ThroughputUnit

export type Point = ThroughputQuery['throughput'][number]

export const SERIES = [
  { key: 'fetched', title: 'Items fetched', colour: 'var(--accent)' },
  { key: 'archived', title: 'Files archived', colour: 'var(--good)' },
  { key: 'analysed', title: 'Items analysed', colour: 'var(--warn)' },
] as const

const FORMATS = {
  HOUR: {
    short: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
    long: new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' }),
  },
  DAY: {
    short: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
    long: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }),
  },
}

/** Formats the start of a unit: hours in local time, days in UTC as on the server. */
export function timeWords(start: string, unit: Unit, length: 'short' | 'long'): string {
  return FORMATS[unit][length].format(new Date(start))
}
