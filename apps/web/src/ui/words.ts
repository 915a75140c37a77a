import type { AnalysisStatus, Fate, MediaTileFragment } from '@mediakeep/client'

export const FATE_WORDS: Record<Fate, string> = {
  waiting: 'waiting to be fetched',
  fetched: 'fetched',
  expired: 'expired before it was fetched',
  gone: 'gone from its server',
  blocked: 'its address is not allowed',
  rejected: 'rejected',
  failed: 'could not be fetched',
}

export const STATUS_WORDS: Record<AnalysisStatus, string> = {
  not_started: 'not analysed yet',
  started: 'being analysed',
  completed: 'analysed',
  failed: 'analysis failed',
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

export function describeMedia(item: MediaTileFragment): string {
  const date = item.postedAt ?? item.createdAt
  return [
    item.mediaType,
    date && day.format(new Date(date)),
    item.fate === 'fetched' ? STATUS_WORDS[item.aiAnalysisStatus] : FATE_WORDS[item.fate],
    item.archiveUrl && 'archived',
  ]
    .filter(Boolean)
    .join(', ')
}

/** `2026-01` → `January 2026` */
export function monthName(month: string): string {
  return new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )
}

export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export function dateWords(at: string | null): string {
  if (at === null) return 'at an unknown time'
  return moment.format(new Date(at))
}

const UNITS = ['byte', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `1.4 MiB`: the same units as in the settings and on the command line. */
export function sizeWords(bytes: number | null): string | undefined {
  if (bytes === null) return undefined
  const power = Math.min(UNITS.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10))
  if (power === 0) return countWords(bytes, 'byte')
  const size = bytes / 1024 ** power
  return `${size.toLocaleString(undefined, { maximumFractionDigits: 1 })} ${UNITS[power]}`
}
