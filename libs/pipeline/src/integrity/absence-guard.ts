import { randomBytes } from 'node:crypto'
import type { Archive } from '@mediakeep/content'
import { type StoredContent, toStoredContent } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { archivePrefix } from '../archive/own-object.ts'
import { mapConcurrently } from '../map-concurrently.ts'
import { ArchiveAbsentError, clearAlarm, raiseAlarm } from './archive-alarm.ts'
import { checkObject } from './check-object.ts'
import { selectArchivedSample } from './absence-guard.sql.ts'

/** Call before drawing conclusions from a missing object. @throws ArchiveAbsentError */
export type AbsenceGuard = () => Promise<void>

const SAMPLE = 20
/** An archive is in doubt when at least this many of the sample are missing, and at least this share of it. */
const MIN_MISSING = 5
const MAX_SHARE = 0.25
/** Contents searched for archived ones, read by primary key: the cost does not grow with the table. */
const WINDOW = 1000
const VALID_MS = 30_000
const AT_ONCE = 8

/**
 * Samples the archive when an object is missing: an unmounted folder, a wrong bucket and an empty listing all
 * look as if every object was lost. A result is valid for half a minute.
 */
export function absenceGuard(deps: { db: Sql; archive: Archive }, signal?: AbortSignal): AbsenceGuard {
  let last: { readonly at: number; readonly result: Promise<void> } | undefined
  return () => {
    if (last === undefined || performance.now() - last.at > VALID_MS) {
      last = { at: performance.now(), result: sampleArchive(deps, signal) }
    }
    return last.result
  }
}

/** Raises or clears the alarm. @throws ArchiveAbsentError */
export async function sampleArchive(
  { db, archive }: { db: Sql; archive: Archive },
  signal?: AbortSignal,
): Promise<void> {
  const sample = await someArchived(db, archive)
  const checks = await mapConcurrently(sample, AT_ONCE, (content) =>
    checkObject(archive, content, 'head', signal),
  )
  const counts = { checked: sample.length, missing: checks.filter((check) => check === 'missing').length }
  if (counts.missing >= MIN_MISSING && counts.missing >= MAX_SHARE * counts.checked) {
    await raiseAlarm(db, archive, counts)
    throw new ArchiveAbsentError(archivePrefix(archive), counts)
  }
  await clearAlarm(db)
}

/** Starts at a random digest: digests are as good as chance. */
async function someArchived(sql: Sql, archive: Archive): Promise<StoredContent[]> {
  const found = await selectArchivedSample(sql, [
    randomBytes(32).toString('hex'),
    WINDOW,
    archivePrefix(archive),
    SAMPLE,
  ])
  return found.rows.map(toStoredContent)
}
