export type PipelineStepName = 'found' | 'fetched' | 'inspected' | 'archived' | 'analysed'

/** One step of the pipeline: how many media have passed it, and the state of those that have not. */
export interface PipelineStep {
  readonly name: PipelineStepName
  /** Media items. */
  readonly done: number
  /** Media items still before this step, including those in hand; after `fetched`, only fetched ones count. */
  readonly toGo: number
  /** Excludes those in hand. For `inspected` and `archived`: distinct contents, as in their queues. */
  readonly waiting: number
  /** How many of the waiting ones have failed before. */
  readonly retrying: number
  readonly inHand: number
  /** Ended without success, until requested again; automatic retries count as waiting. */
  readonly failed: number
  readonly oldestWaitingAt: Date | undefined
}

/** The rows with one fate and one analysis status. */
export interface MediaGroup {
  readonly fate: string
  readonly status: string
  readonly media: number
  readonly archived: number
  readonly retrying: number
  /** Their download is leased. */
  readonly held: number
  readonly stored: number
  readonly bytes: number
  readonly oldest: Date | null
}

export interface ContentTotals {
  readonly total: number
  readonly bytes: number
  readonly archived: number
  readonly archivedBytes: number
  readonly missing: number
  readonly placeholdersSuspected: number
  readonly rejected: number
  readonly uninspected: number
  readonly inspecting: number
  readonly parked: number
  readonly waiting: number
  readonly uploading: number
  readonly givenUp: number
  readonly oldestUninspected: Date | null
  readonly oldestWaiting: Date | null
}

const NOT_FETCHED: ReadonlySet<string> = new Set(['expired', 'gone', 'blocked', 'failed'])

export function pipelineSteps(
  groups: readonly MediaGroup[],
  totals: ContentTotals,
  uninspectedMedia: number,
): PipelineStep[] {
  const count = (
    key: 'media' | 'archived' | 'held' | 'retrying',
    of: (group: MediaGroup) => boolean = () => true,
  ): number => groups.filter(of).reduce((total, group) => total + group[key], 0)
  const isFetched = ({ fate }: MediaGroup): boolean => fate === 'fetched'
  const fetched = count('media', isFetched)
  const unfetched = count('media', ({ fate }) => fate === 'waiting')
  const held = count('held')
  const retrying = count('retrying')
  const analysis = (wanted: string): number =>
    count('media', (group) => isFetched(group) && group.status === wanted)
  return [
    step('found', { done: count('media') }),
    step('fetched', {
      done: fetched,
      toGo: unfetched,
      waiting: Math.max(0, unfetched + retrying - held),
      retrying,
      inHand: held,
      failed: count('media', ({ fate }) => NOT_FETCHED.has(fate)) - retrying,
      oldestWaitingAt: earliest(groups.flatMap(({ oldest }) => oldest ?? [])),
    }),
    step('inspected', {
      done: Math.max(0, fetched - uninspectedMedia),
      toGo: uninspectedMedia,
      waiting: Math.max(0, totals.uninspected - totals.inspecting),
      inHand: totals.inspecting,
      failed: count('media', ({ fate }) => fate === 'rejected'),
      oldestWaitingAt: totals.oldestUninspected ?? undefined,
    }),
    step('archived', {
      done: count('archived'),
      toGo: fetched - count('archived', isFetched),
      waiting: Math.max(0, totals.waiting - totals.uploading),
      inHand: totals.uploading,
      failed: totals.givenUp,
      oldestWaitingAt: totals.oldestWaiting ?? undefined,
    }),
    step('analysed', {
      done: analysis('completed'),
      toGo: analysis('not_started'),
      waiting: analysis('not_started'),
      inHand: analysis('started'),
      failed: analysis('failed'),
    }),
  ]
}

function step(
  name: PipelineStepName,
  known: Partial<PipelineStep> & { readonly done: number },
): PipelineStep {
  return {
    name,
    toGo: 0,
    waiting: 0,
    retrying: 0,
    inHand: 0,
    failed: 0,
    oldestWaitingAt: undefined,
    ...known,
  }
}

function earliest(times: readonly Date[]): Date | undefined {
  return [...times].sort((a, b) => a.getTime() - b.getTime())[0]
}
