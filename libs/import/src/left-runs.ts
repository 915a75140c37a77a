import { stat } from 'node:fs/promises'
import type { Sql } from '@mediakeep/sql'

/** A machine that still has its name resumes its own runs within this time. */
const OWN_SECONDS = 60
const LOOKED_AT = 20

/**
 * Returns abandoned runs of other machines whose files are here with the same sizes: the machine was renamed, as
 * every new container is, or shares a disk with this one.
 */
export async function leftRunsWithFiles(sql: Sql, machine: string): Promise<string[]> {
  const { rows } = await sql.query<{ run_id: string; files: string[]; bytes_total: number }>(
    `SELECT run_id, files, bytes_total FROM mediakeep.import_runs
     WHERE import_not_before < now() - make_interval(secs => $2) AND machine <> $1 AND bytes_total > 0
       AND (import_lease_expires_at IS NULL OR import_lease_expires_at < now() - make_interval(secs => $2))
     ORDER BY import_not_before LIMIT $3`,
    [machine, OWN_SECONDS, LOOKED_AT],
  )
  const sizes = await Promise.all(rows.map(({ files }) => totalSize(files)))
  return rows.filter(({ bytes_total }, n) => sizes[n] === bytes_total).map(({ run_id }) => run_id)
}

/** @returns undefined when any file is missing */
async function totalSize(files: readonly string[]): Promise<number | undefined> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  )
  return sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  )
}
