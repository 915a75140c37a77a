/** An item that an action failed on, and why. */
interface Failure {
  readonly mediaId: string
  readonly reason: string
}

/** The result of a batch. */
export interface Outcome {
  /** Number of items by description: `queued for the archive` → 40. */
  readonly done: ReadonlyMap<string, number>
  readonly failures: readonly Failure[]
}

/** An expected error that a batch may return instead of its payload; its type name is the code. */
export interface Refusal {
  readonly __typename: 'InvalidInputError' | 'MediaNotFoundError' | 'UnknownAnalyserError'
  readonly message: string
  readonly mediaIds?: readonly string[]
}

/** Groups the items of a batch into counts by description and failures with reasons. */
export function outcomeOf(
  items: readonly { readonly mediaId: string; readonly done?: string; readonly failed?: string }[],
): Outcome {
  const done = new Map<string, number>()
  const failures: Failure[] = []
  for (const item of items)
    if (item.failed !== undefined) failures.push({ mediaId: item.mediaId, reason: item.failed })
    else if (item.done !== undefined) done.set(item.done, (done.get(item.done) ?? 0) + 1)
  return { done, failures }
}

export function merged(outcomes: readonly Outcome[]): Outcome {
  const done = new Map<string, number>()
  for (const [words, count] of outcomes.flatMap((outcome) => [...outcome.done]))
    done.set(words, (done.get(words) ?? 0) + count)
  return { done, failures: outcomes.flatMap(({ failures }) => failures) }
}
