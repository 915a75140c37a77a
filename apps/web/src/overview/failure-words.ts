import type { FailureCountFragment, Fate } from '@mediakeep/client'

const NOT_FETCHED: Partial<Record<Fate, string>> = {
  failed: 'Could not be fetched',
  expired: 'Expired before it was fetched',
  gone: 'Gone from its server',
  blocked: 'Address not allowed',
  rejected: 'Rejected',
}

const ADVICE: Partial<Record<Fate, string>> = {
  expired: 'import the posts again for fresh URLs',
  rejected: 'a file that was rejected stays rejected',
  blocked: 'try again after the settings were changed',
}

export function whatFailed({ stage, fate, analyser }: FailureCountFragment): string {
  if (stage === 'fetch') return (fate && NOT_FETCHED[fate]) ?? 'Could not be fetched'
  if (stage === 'inspect') return 'Could not be inspected'
  if (stage === 'archive') return 'Could not be archived'
  return `Could not be analysed by ${analyser ?? 'an analyser'}`
}

export function adviceOn({ fate }: FailureCountFragment): string | undefined {
  return fate ? ADVICE[fate] : undefined
}

/** Inspection retries by itself. */
export function isRetryable({ stage }: FailureCountFragment): boolean {
  return stage !== 'inspect'
}
