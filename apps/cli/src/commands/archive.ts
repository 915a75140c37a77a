import { queueArchive } from '@mediakeep/media'
import { restoreMedia, verifyMedia, type KeepingDeps, type MediaOutcome } from '@mediakeep/pipeline'
import { inspections, uploads } from '@mediakeep/worker'
import type { Work } from '../command.ts'
import { isBad, reportOutcomes } from '../outcomes.ts'
import { counted } from '../output.ts'
import { selectMedia, type Selection } from '../selection.ts'
import type { Session } from '../session.ts'
import { settleMedia } from '../settle-media.ts'
import { stageParts } from '../stage-parts.ts'
import { selectNotArchived } from './archive.sql.ts'

export interface Options extends Selection {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly deep?: boolean
  readonly acceptMissing?: boolean
}

const MISSING = `EXISTS (SELECT FROM mediakeep.contents c
  WHERE c.sha256_sum = m.sha256_sum AND c.archive_missing_since IS NOT NULL)`
const UNARCHIVED = `m.fate = 'fetched' AND (m.archive_url IS NULL OR ${MISSING})`
const ARCHIVED = `m.archive_url IS NOT NULL`
const RESTORABLE = `${ARCHIVED} AND m.fate <> 'rejected'`

export const runArchive: Work<Options> = async (parts) => {
  const { options, session, output } = parts
  if (options.dryRun) return nameSelected(parts, UNARCHIVED, 'Would upload')
  const { pool } = await session.database()
  const place = await stageParts(session, output)
  const stages = [inspections(place), uploads(place)]
  let [archived, notArchived] = [0, 0]
  const failed: string[] = []
  for await (const ids of selectMedia(pool, options, UNARCHIVED)) {
    await queueArchive(pool, ids)
    const undone = await settleMedia(place, stages, { mediaIds: ids }, session.signal, output)
    const left = await selectNotArchived(pool, [ids, place.cache.id])
    archived += ids.length - left.rows.length
    notArchived += left.rows.length
    failed.push(...left.rows.map(({ line }) => line))
    if (undone.length > 0) {
      // Every other page would fail in the same way.
      failed.push(...undone)
      break
    }
  }
  output.result({ archived, failed }, [`Archived ${archived} media, ${notArchived} not.`, ...failed])
  return failed.length > 0 ? 1 : 0
}

export const check: Work<Options> = (parts) =>
  parts.options.dryRun
    ? nameSelected(parts, ARCHIVED, 'Would check')
    : examine(parts, 'Verified', ARCHIVED, (deps, ids, signal) =>
        verifyMedia(deps, ids, {
          depth: parts.options.deep ? 'deep' : 'head',
          acceptMissing: parts.options.acceptMissing,
          signal,
        }),
      )

export const bringBack: Work<Options> = (parts) =>
  parts.options.dryRun
    ? nameSelected(parts, RESTORABLE, 'Would restore')
    : examine(parts, 'Restored', RESTORABLE, (deps, ids, signal) => restoreMedia(deps, ids, { signal }))

type Parts = Parameters<Work<Options>>[0]

async function examine(
  { options, session, output }: Parts,
  verb: string,
  condition: string,
  look: (deps: KeepingDeps, ids: string[], signal: AbortSignal) => Promise<MediaOutcome[]>,
): Promise<0 | 1> {
  const deps = await keepingDeps(session)
  const progress = output.progress(verb.toLowerCase())
  const outcomes: MediaOutcome[] = []
  for await (const ids of selectMedia(deps.db, options, condition, 500)) {
    outcomes.push(...(await look(deps, ids, session.signal)))
    progress.update(
      outcomes.length,
      outcomes.length,
      `media, ${outcomes.filter(isBad).length} damaged, missing or failed`,
    )
  }
  progress.stop()
  return reportOutcomes(output, verb, outcomes) === 0 ? 0 : 1
}

async function keepingDeps(session: Session): Promise<KeepingDeps> {
  const [{ pool }, cache, archive] = await Promise.all([
    session.database(),
    session.cache(),
    session.archive(),
  ])
  return { db: pool, cache, archive }
}

async function nameSelected(
  { options, session, output }: Parts,
  condition: string,
  verb: string,
): Promise<0> {
  const { pool } = await session.database()
  const ids: string[] = []
  for await (const page of selectMedia(pool, options, condition)) ids.push(...page)
  output.result(ids, [`${verb} ${counted(ids.length, 'media item')}.`, ...ids])
  return 0
}
