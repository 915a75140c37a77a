/** What a row of `post_media` says of its analysis. */
export type AnalysisStatus = 'not_started' | 'started' | 'completed' | 'failed'

const STATUSES: readonly string[] = ['not_started', 'started', 'completed', 'failed']

/** Every change of status there is. */
const TRANSITIONS: Readonly<Record<AnalysisStatus, readonly AnalysisStatus[]>> = {
  not_started: ['started'],
  /** Back to `not_started` when the attempt is to be repeated, or its lease expired. */
  started: ['completed', 'failed', 'not_started'],
  completed: ['not_started'],
  failed: ['not_started'],
}

/** A status that no row may have. */
export class UnknownStatusError extends Error {
  override readonly name = 'UnknownStatusError'
  readonly code = 'unknown_status'
  readonly status: unknown
  constructor(status: unknown) {
    super(`${JSON.stringify(status)} is no analysis status`)
    this.status = status
  }
}

/** A change of status that is none of those above. */
export class InvalidTransitionError extends Error {
  override readonly name = 'InvalidTransitionError'
  readonly code = 'invalid_transition'
  readonly from: AnalysisStatus
  readonly to: AnalysisStatus
  constructor(from: AnalysisStatus, to: AnalysisStatus, event?: string) {
    super(`An analysis cannot go from ${from} to ${to}${event ? ` by ${event}` : ''}`)
    this.from = from
    this.to = to
  }
}

/** Null and `pending` are what older writers leave: nothing has started. @throws UnknownStatusError */
export function readStatus(status: unknown): AnalysisStatus {
  if (status === null || status === undefined || status === 'pending') return 'not_started'
  if (typeof status === 'string' && STATUSES.includes(status)) return status as AnalysisStatus
  throw new UnknownStatusError(status)
}

export function canTransition(from: AnalysisStatus, to: AnalysisStatus): boolean {
  return TRANSITIONS[from].includes(to)
}
