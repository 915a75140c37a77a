import type { Sql } from '@mediakeep/sql'
import { exportSize } from './export-size.ts'
import { selectLeftRuns } from './left-runs.sql.ts'

/** A machine that still has its name resumes its own runs within this time. */
const OWN_SECONDS = 60
const LOOKED_AT = 20

/** Where to continue: after this run. */
export interface LeftPlace {
  /** As text: a Date has no microseconds. */
  readonly since: string
  readonly runId: string
}

/**
 * Returns abandoned runs of other machines whose files are here with the same sizes: the machine was renamed, as
 * every new container is, or shares a disk with this one. Looks at a few after `after`, which costs little each time.
 *
 * @returns their ids, and where to continue; undefined after the last run
 */
export async function leftRunsWithFiles(
  sql: Sql,
  machine: string,
  after?: LeftPlace,
): Promise<{ readonly runIds: string[]; readonly next: LeftPlace | undefined }> {
  const { rows } = await selectLeftRuns(sql, [
    machine,
    OWN_SECONDS,
    LOOKED_AT,
    after?.since ?? null,
    after?.runId ?? null,
  ])
  const sizes = await Promise.all(rows.map(({ files }) => totalSize(files)))
  const last = rows.length === LOOKED_AT ? rows.at(-1) : undefined
  return {
    runIds: rows.filter(({ bytes_total }, n) => sizes[n] === bytes_total).map(({ run_id }) => run_id),
    next: last && { since: last.since, runId: last.run_id },
  }
}

/** @returns undefined when any file is missing */
async function totalSize(files: readonly string[]): Promise<number | undefined> {
  const sizes = await Promise.all(files.map(exportSize))
  return sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  )
}
