import type { Fate } from '@mediakeep/client'

export type ActionName =
  'archive' | 'verify' | 'analyse' | 'restore' | 'fetch' | 'download' | 'reject' | 'unreject'

export const ACTION_NAMES: readonly ActionName[] = [
  'archive',
  'verify',
  'analyse',
  'restore',
  'fetch',
  'download',
  'reject',
  'unreject',
]

/** The facts of a media item that decide which actions can succeed. */
export interface ActionFacts {
  readonly fate: Fate
  readonly url: string | null
  readonly localFilePath: string | null
  readonly archiveUrl: string | null
  readonly inspectedAt: string | null
  readonly urlExpiresAt: string | null
}

/** Lists the actions that can succeed on a media item: some need a file, for example. */
export function possibleActions(item: ActionFacts, now = Date.now()): ReadonlySet<ActionName> {
  const { fate } = item
  if (fate === 'waiting') return new Set()
  if (fate === 'rejected') return new Set(['unreject'])
  if (fate !== 'fetched') {
    const isExpired = item.urlExpiresAt !== null && Date.parse(item.urlExpiresAt) <= now
    return new Set(isExpired ? [] : ['fetch'])
  }
  const isArchived = item.archiveUrl !== null
  const possible: ActionName[] = ['reject']
  if (item.url !== null) possible.push('download')
  if (isArchived || item.localFilePath !== null) possible.push('verify')
  if (item.inspectedAt !== null) possible.push('analyse')
  if (item.inspectedAt !== null && !isArchived && item.localFilePath !== null) possible.push('archive')
  if (isArchived && item.localFilePath === null) possible.push('restore')
  return new Set(possible)
}
