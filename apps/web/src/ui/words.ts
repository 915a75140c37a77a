import type { AnalysisStatus, Fate, MediaTileFragment } from '@mediakeep/client'

export const FATE_WORDS: Record<Fate, string> = {
  waiting: 'waiting to be fetched',
  fetched: 'fetched',
  expired: 'expired before it was fetched',
  gone: 'gone from its server',
  blocked: 'refused: its address is not allowed',
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
