/** The analysis statuses of a row of `post_media`. */
export const ANALYSIS_STATUSES = ['not_started', 'started', 'completed', 'failed'] as const

export type AnalysisStatus = (typeof ANALYSIS_STATUSES)[number]

/** All allowed changes of status. */
const TRANSITIONS: Readonly<Record<AnalysisStatus, readonly AnalysisStatus[]>> = {
  not_started: ['started'],
  /** Back to `not_started` when the attempt will be repeated, or its lease expired. */
  started: ['completed', 'failed', 'not_started'],
  completed: ['not_started'],
  failed: ['not_started'],
}

/** An invalid status. */
export class UnknownStatusError extends Error {
  override readonly name = 'UnknownStatusError'
  readonly code = 'unknown_status'
  readonly status: unknown
  constructor(status: unknown) {
    super(`${JSON.stringify(status)} is not an analysis status`)
    this.status = status
  }
}

/** A change of status that is not allowed. */
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

/** Older writers leave null and `pending`, which mean not started. @throws UnknownStatusError */
export function readStatus(status: unknown): AnalysisStatus {
  if (status === null || status === undefined || status === 'pending') return 'not_started'
  if (ANALYSIS_STATUSES.includes(status as AnalysisStatus)) return status as AnalysisStatus
  throw new UnknownStatusError(status)
}

export function canTransition(from: AnalysisStatus, to: AnalysisStatus): boolean {
  return TRANSITIONS[from].includes(to)
}
