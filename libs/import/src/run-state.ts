import { resolve } from 'node:path'
import { importChange } from '@mediakeep/events'
import { newId } from '@mediakeep/ids'
import { heldBy, type Lease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { exportSize } from './export-size.ts'
import { importQueue } from './queue.ts'

export interface NewRun {
  /** Folders, zip archives, compressed and plain files. */
  readonly files: readonly string[]
  /** Names of the only formats to use. Default: all. */
  readonly formats?: readonly string[] | undefined
  /** The machine that has the files: only its processes resume the run. */
  readonly machine: string
  /** Name of the requester; written to `download_runs.script_name`. */
  readonly source?: string
}

/** Registers a run; from then on any importing process of the machine may perform it. @returns its id */
export async function createImportRun(sql: Sql, run: NewRun): Promise<string> {
  const files = run.files.map((file) => resolve(file))
  const sizes = await Promise.all(files.map(exportSize))
  const bytesTotal = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
  return insertRun(sql, {
    kind: 'import',
    script: run.source ?? 'mediakeep import',
    machine: run.machine,
    files,
    bytesTotal,
    options: run.formats ? { use: run.formats } : {},
  })
}

export interface RunRow {
  readonly kind: 'import' | 'backfill'
  readonly script: string
  readonly machine: string | null
  readonly files: readonly string[]
  readonly bytesTotal: number
  readonly options: object
}

export async function insertRun(sql: Sql, run: RunRow): Promise<string> {
  const runId = newId('run')
  const system = { machine: run.machine, node: process.version, platform: process.platform }
  await sql.query(
    `WITH run AS (
       INSERT INTO public.download_runs (run_id, started_at, status, script_name, platform, system_info)
       VALUES ($1, now(), 'running', $2, NULL, $3) RETURNING *),
     added AS (
       INSERT INTO mediakeep.import_runs (run_id, kind, files, options, machine, bytes_total, import_not_before)
       SELECT run_id, $4, $5::text[], $6::jsonb, $7, $8, now() FROM run RETURNING *)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'import', jsonb_build_array(${importChange('added', 'run')}) FROM added, run`,
    [
      runId,
      run.script,
      JSON.stringify(system),
      run.kind,
      run.files,
      JSON.stringify(run.options),
      run.machine,
      run.bytesTotal,
    ],
  )
  return runId
}

/** Ends a run for good. It counts as failed if an error was recorded earlier or is given here. */
export async function finishRun(sql: Sql, lease: Lease, error?: string): Promise<void> {
  await sql.query(
    `WITH run AS (
       UPDATE mediakeep.import_runs q SET ${importQueue.ended('NULL')}
       WHERE ${importQueue.held('q', 1)} RETURNING q.*),
     download AS (
       UPDATE public.download_runs d SET completed_at = now(),
         error_message = nullif(concat_ws('; ', d.error_message, $3::text), ''),
         status = CASE WHEN d.error_message IS NULL AND $3::text IS NULL THEN 'completed' ELSE 'failed' END
       FROM run WHERE d.run_id = run.run_id RETURNING d.*)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'import', jsonb_build_array(${importChange('run', 'download')}) FROM run, download`,
    [...heldBy([lease]), error ?? null],
  )
}
