import { resolve } from 'node:path'
import { newId } from '@mediakeep/ids'
import { heldBy, type Lease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { exportSize } from './export-size.ts'
import { insertRunRow, updateFinished } from './run-state.sql.ts'

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
  await insertRunRow(sql, [
    runId,
    run.script,
    JSON.stringify(system),
    run.kind,
    run.files,
    JSON.stringify(run.options),
    run.machine,
    run.bytesTotal,
  ])
  return runId
}

/** Ends a run for good. It counts as failed if an error was recorded earlier or is given here. */
export async function finishRun(sql: Sql, lease: Lease, error?: string): Promise<void> {
  await updateFinished(sql, [...heldBy([lease]), error ?? null])
}
