import type { Archive } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { archivePrefix } from '../archive/own-object.ts'
import { selectAlarm, upsertAlarm, deleteAlarm } from './archive-alarm.sql.ts'

/** Too many of a sample of archived objects were missing: the archive itself is in doubt, not its objects. */
export interface ArchiveAlarm {
  /** URL prefix of the archive in doubt. */
  readonly archive: string
  readonly checked: number
  readonly missing: number
  /** ISO 8601. */
  readonly since: string
}

/** The archive responds without most of its objects: it is probably not the same archive as before. */
export class ArchiveAbsentError extends Error {
  override readonly name = 'ArchiveAbsentError'
  readonly code = 'mass_absence'
  readonly checked: number
  readonly missing: number

  constructor(archive: string, { checked, missing }: Pick<ArchiveAlarm, 'checked' | 'missing'>) {
    super(describeAlarm({ archive, checked, missing }))
    this.checked = checked
    this.missing = missing
  }
}

export function describeAlarm({ archive, checked, missing }: Omit<ArchiveAlarm, 'since'>): string {
  return (
    `${missing} of ${checked} objects sampled from ${archive} are missing. Nothing was changed. Check that the folder is ` +
    'mounted, or that bucket, endpoint and account are the right ones, then run `mediakeep archive verify`. If the ' +
    'objects are really lost, run `mediakeep archive verify --accept-missing` to upload or fetch them again.'
  )
}

/** @returns undefined when the last sample was fine */
export async function archiveAlarm(sql: Sql): Promise<ArchiveAlarm | undefined> {
  const found = await selectAlarm(sql)
  return found.rows[0]?.value as ArchiveAlarm | undefined
}

/** Keeps the time of the first sighting. */
export async function raiseAlarm(
  sql: Sql,
  archive: Archive,
  counts: Pick<ArchiveAlarm, 'checked' | 'missing'>,
): Promise<void> {
  const alarm: ArchiveAlarm = { archive: archivePrefix(archive), ...counts, since: new Date().toISOString() }
  await upsertAlarm(sql, [JSON.stringify(alarm)])
}

export async function clearAlarm(sql: Sql): Promise<void> {
  await deleteAlarm(sql)
}

/** For readiness checks. @throws Error while an alarm is on */
export async function assertNoAlarm(sql: Sql): Promise<void> {
  const alarm = await archiveAlarm(sql)
  if (alarm !== undefined) throw new Error(`since ${alarm.since}: ${describeAlarm(alarm)}`)
}
