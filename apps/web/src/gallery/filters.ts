import type {
  AnalysisStatus,
  FailureInput,
  FailureStage,
  Fate,
  MediaFilter,
  MediaKind,
  MediaOrder,
  MediaRole,
} from '@mediakeep/client'

/** Filter and order of the gallery. Kept in the address, so that it can be shared. */
export interface GalleryView {
  readonly filter: MediaFilter
  readonly orderBy: { readonly field: 'CREATED_AT' | 'POSTED_AT'; readonly direction: 'ASC' | 'DESC' }
}

export const KINDS: readonly MediaKind[] = ['image', 'video', 'audio', 'document']
export const STATUSES: readonly AnalysisStatus[] = ['not_started', 'started', 'completed', 'failed']
export const FATES: readonly Fate[] = [
  'waiting',
  'fetched',
  'expired',
  'gone',
  'blocked',
  'rejected',
  'failed',
]

/** Roles of media in posts. The gallery shows content alone unless asked for another, or for all. */
const ROLES: readonly MediaRole[] = ['content', 'thumbnail', 'article', 'reshare', 'avatar']

const STAGES: readonly FailureStage[] = ['fetch', 'inspect', 'archive', 'analyse']

const ORDERS = {
  newest: { field: 'POSTED_AT', direction: 'DESC' },
  oldest: { field: 'POSTED_AT', direction: 'ASC' },
  arrived: { field: 'CREATED_AT', direction: 'DESC' },
} as const satisfies Record<string, MediaOrder>

export type OrderName = keyof typeof ORDERS
export const ORDER_NAMES = Object.keys(ORDERS) as OrderName[]

/** Filter bar fields as they appear in the address; the empty string means no condition. */
export interface FilterFields {
  readonly q: string
  /** Empty: content alone. */
  readonly role: string
  readonly type: string
  readonly status: string
  readonly fate: string
  readonly archived: string
  readonly cached: string
  readonly inspected: string
  /** Not fetched, and the address expires within this many hours. */
  readonly expires: string
  /** Stage, analyser and reason of a failure; the reason may be empty if unknown. */
  readonly stage: string
  readonly analyser: string
  readonly reason: string
  readonly author: string
  readonly platform: string
  readonly from: string
  readonly to: string
  readonly order: OrderName
}

export function readFields(search: string): FilterFields {
  const params = new URLSearchParams(search)
  const text = (name: string): string => params.get(name)?.trim() ?? ''
  const oneOf = (name: string, allowed: readonly string[]): string =>
    allowed.includes(text(name)) ? text(name) : ''
  return {
    q: text('q'),
    role: oneOf('role', [...ROLES.slice(1), 'all']),
    type: oneOf('type', KINDS),
    status: oneOf('status', STATUSES),
    fate: oneOf('fate', FATES),
    archived: oneOf('archived', ['yes', 'no']),
    cached: oneOf('cached', ['yes', 'no']),
    inspected: oneOf('inspected', ['yes', 'no']),
    expires: /^[1-9]\d?$/.test(text('expires')) ? text('expires') : '',
    stage: oneOf('stage', STAGES),
    analyser: text('analyser'),
    // Exactly as the server knows it, so not trimmed.
    reason: params.get('reason') ?? '',
    author: text('author'),
    platform: text('platform'),
    from: isDay(text('from')) ? text('from') : '',
    to: isDay(text('to')) ? text('to') : '',
    order: ORDER_NAMES.find((name) => name === text('order')) ?? 'newest',
  }
}

export function writeFields(fields: FilterFields): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(fields) as [string, string][])
    if (value !== '' && !(name === 'order' && value === 'newest')) params.set(name, value)
  return params.toString()
}

export function toView(fields: FilterFields): GalleryView {
  const filter: MediaFilter = {
    ...(fields.q && { search: fields.q }),
    ...(fields.role !== 'all' && { role: (fields.role || 'content') as MediaRole }),
    ...(fields.type && { type: fields.type as MediaKind }),
    ...(fields.status && { status: fields.status as AnalysisStatus }),
    ...(fields.fate && { fate: fields.fate as Fate }),
    ...(fields.archived && { archived: fields.archived === 'yes' }),
    ...(fields.cached && { cached: fields.cached === 'yes' }),
    ...(fields.inspected && { inspected: fields.inspected === 'yes' }),
    ...(fields.expires && { expiresWithinHours: Number(fields.expires) }),
    ...(fields.stage && { failure: failureOf(fields) }),
    ...(fields.author && { author: fields.author }),
    ...(fields.platform && { platform: fields.platform }),
    ...(fields.from && { postedAfter: `${fields.from}T00:00:00.000Z` }),
    ...(fields.to && { postedBefore: dayAfter(fields.to) }),
  }
  return { filter, orderBy: ORDERS[fields.order] }
}

function failureOf({ stage, analyser, reason }: FilterFields): FailureInput {
  return { stage: stage as FailureStage, reason, ...(analyser && { analyser }) }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString()
}
