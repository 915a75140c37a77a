import type { Sql } from '@mediakeep/sql'
import { NOT_ANCHORED } from './anchors.ts'
import type { Checkpoint } from './checkpoint.ts'
import {
  selectCheckpoints,
  selectEnd,
  selectEntries,
  selectLast,
  selectValues,
} from './verify-database.sql.ts'
import { verifyLog, type LogReport, type StoredEntry, type VerifyOptions } from './verify-log.ts'

const ROWS_A_READ = 1000

export interface DatabaseReport extends LogReport {
  /** Entries that have no number yet. */
  readonly waiting: number
}

/** Verifies the log of a database as far as it reaches now; entries that are appended meanwhile are left out. */
export async function verifyDatabaseLog(
  sql: Sql,
  options: VerifyOptions & { readonly signal?: AbortSignal } = {},
): Promise<DatabaseReport> {
  const end = (await selectEnd(sql)).rows[0] ?? { checkpoint: 0, head: 0 }
  const { last, waiting } = (await selectLast(sql)).rows[0]!
  const report = await verifyLog(
    {
      entries: readEntries(sql, last, options.signal),
      checkpoints: readCheckpoints(sql, end.checkpoint),
    },
    options,
  )
  const problems = [...report.problems]
  if (end.head > last)
    problems.push({ number: last, problem: `cut off: the log had ${end.head} entries, and has ${last}` })
  return { ...report, problems, anchored: problems.length > 0 ? NOT_ANCHORED : report.anchored, waiting }
}

async function* readEntries(sql: Sql, through: number, signal?: AbortSignal): AsyncGenerator<StoredEntry> {
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    signal?.throwIfAborted()
    const { rows } = await selectEntries(sql, [after, through, ROWS_A_READ])
    if (rows.length === 0) return
    const [first, last] = [rows[0]!.number, rows.at(-1)!.number]
    const values = Map.groupBy((await selectValues(sql, [first, last])).rows, ({ number }) => number)
    for (const row of rows) yield { ...row, values: values.get(row.number) ?? [] }
    after = last
  }
}

async function* readCheckpoints(sql: Sql, through: number): AsyncGenerator<Checkpoint> {
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const { rows } = await selectCheckpoints(sql, [after, through, ROWS_A_READ])
    if (rows.length === 0) return
    yield* rows
    after = rows.at(-1)!.count
  }
}
