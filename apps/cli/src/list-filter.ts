/** The filters of the API's `MediaFilter` that take a single value. */
export interface ListFilter {
  readonly fate?: string
  readonly type?: string
  readonly status?: string
  readonly role?: string
  readonly author?: string
  readonly platform?: string
  readonly host?: string
  readonly md5?: string
  readonly sha256?: string
  readonly archived?: boolean
  readonly cached?: boolean
}

/** The number of the first free parameter in `selectMedia`. */
const FIRST_PARAMETER = 6

const ofPost = (column: string) => (value: string) =>
  `EXISTS (SELECT FROM public.posts p WHERE p.post_id = m.post_id AND p.${column} = ${value})`

const CONDITIONS: Readonly<Record<string, (value: string) => string>> = {
  fate: (value) => `m.fate = ${value}`,
  type: (value) => `m.media_type = ${value}`,
  // Older writers leave null or `pending`, which mean the same.
  status: (value) => `coalesce(nullif(m.ai_analysis_status, 'pending'), 'not_started') = ${value}`,
  role: (value) => `m.role = ${value}`,
  author: ofPost('author_username'),
  platform: ofPost('platform'),
  host: (value) => `m.source_host = ${value}`,
  md5: (value) => `m.md5_sum = lower(${value})`,
  sha256: (value) => `m.sha256_sum = lower(${value})`,
}

const PRESENCE = { archived: 'm.archive_url', cached: 'm.local_file_path' } as const

/** @returns SQL over `m`, and the values of its parameters */
export function listCondition(filter: ListFilter): { condition: string; values: string[] } {
  const values: string[] = []
  const conditions: string[] = []
  for (const [name, toSql] of Object.entries(CONDITIONS)) {
    const value = filter[name as keyof ListFilter]
    if (typeof value !== 'string') continue
    conditions.push(toSql(`$${FIRST_PARAMETER + values.length}`))
    values.push(value)
  }
  for (const [name, column] of Object.entries(PRESENCE)) {
    const isPresent = filter[name as keyof typeof PRESENCE]
    if (isPresent !== undefined) conditions.push(`${column} IS ${isPresent ? 'NOT ' : ''}NULL`)
  }
  return { condition: conditions.join(' AND ') || 'true', values }
}
