import type { MediaOutcome } from '@mediakeep/pipeline'
import type { ExitCode } from './command.ts'
import type { Output } from './output.ts'
import { table } from './output.ts'

/** Outcome of a command that may not have queried the archive. */
export interface Reported extends Omit<MediaOutcome, 'archive'> {
  readonly archive: MediaOutcome['archive'] | 'not asked'
}

/** True if a person should look at it: a copy is damaged and not repaired, or there is none at all. */
export function isBad({ cache, archive, error }: Reported): boolean {
  const isGone = cache === 'missing' && archive !== 'ok' && archive !== 'not asked'
  return (
    error !== undefined || isGone || cache === 'corrupt' || archive === 'corrupt' || archive === 'missing'
  )
}

/** Reports counts by state, and each bad outcome by its media id. */
export function reportOutcomes(output: Output, verb: string, outcomes: readonly Reported[]): ExitCode {
  const bad = outcomes.filter(isBad)
  const counts = Map.groupBy(outcomes, describe)
  output.result({ total: outcomes.length, failed: bad.length, outcomes }, [
    `${verb} ${outcomes.length - bad.length} of ${outcomes.length} media${others(bad.length)}.`,
    ...table([...counts].map(([what, group]) => [`  ${what}`, String(group.length)])),
    ...bad.map(
      ({ mediaId, cache, archive, error }) => `${mediaId}: ${error ?? describe({ cache, archive })}`,
    ),
  ])
  return bad.length > 0 ? 1 : 0
}

const others = (count: number): string => (count === 0 ? '' : `; ${count} damaged, missing or failed`)

/** Leaves out the archive if the file is not archived there (`none`). */
function describe({ cache, archive }: Pick<Reported, 'cache' | 'archive'>): string {
  return archive === 'none' ? `cache ${cache}` : `cache ${cache}, archive ${archive}`
}
