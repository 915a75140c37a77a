import type { FailureStage } from '@mediakeep/client'
import type { FilterFields } from './filters.ts'

const FAILED_WORDS: Record<FailureStage, string> = {
  fetch: 'not fetched',
  inspect: 'could not be inspected',
  archive: 'could not be archived',
  analyse: 'could not be analysed',
}

/** A condition without a field of its own, in words, and what takes it away. */
interface Condition {
  readonly words: string
  readonly without: Partial<FilterFields>
}

export function conditionsOf({ cached, inspected, expires, stage, reason }: FilterFields): Condition[] {
  const failed = stage && `${FAILED_WORDS[stage as FailureStage]}: ${reason || 'no reason known'}`
  const conditions: Condition[] = [
    { words: cached && (cached === 'yes' ? 'in the cache' : 'not in the cache'), without: { cached: '' } },
    { words: inspected && (inspected === 'yes' ? 'inspected' : 'not inspected'), without: { inspected: '' } },
    { words: expires && `address ends within ${expires} hours`, without: { expires: '' } },
    { words: failed, without: { stage: '', reason: '' } },
  ]
  return conditions.filter(({ words }) => words !== '')
}
