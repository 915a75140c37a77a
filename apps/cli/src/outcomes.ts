import type { MediaOutcome } from '@mediakeep/pipeline'
import type { ExitCode } from './command.ts'
import type { Output } from './output.ts'
import { table } from './output.ts'

/** Whether a person should look at it: a copy is damaged and was not mended, or there is none at all. */
export function isBad({ cache, archive, error }: MediaOutcome): boolean {
  const isGone = cache === 'missing' && archive !== 'ok'
  return (
    error !== undefined || isGone || cache === 'corrupt' || archive === 'corrupt' || archive === 'missing'
  )
}

/** Counts of what was looked at, and each that is not well by name. */
export function reportOutcomes(output: Output, verb: string, outcomes: readonly MediaOutcome[]): ExitCode {
  const bad = outcomes.filter(isBad)
  const counts = Map.groupBy(outcomes, describe)
  output.result({ total: outcomes.length, failed: bad.length, outcomes }, [
    `${verb} ${outcomes.length} media, ${bad.length} not well.`,
    ...table([...counts].map(([what, group]) => [`  ${what}`, String(group.length)])),
    ...bad.map(
      ({ mediaId, cache, archive, error }) => `${mediaId}: ${error ?? describe({ cache, archive })}`,
    ),
  ])
  return bad.length > 0 ? 1 : 0
}

/** Nothing is said of an archive that was not asked. */
function describe({ cache, archive }: Pick<MediaOutcome, 'cache' | 'archive'>): string {
  return archive === 'none' ? `cache ${cache}` : `cache ${cache}, archive ${archive}`
}
