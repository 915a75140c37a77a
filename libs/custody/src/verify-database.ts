import type { Sql } from '@mediakeep/sql'
import { NOT_ANCHORED } from './anchors.ts'
import type { Checkpoint } from './checkpoint.ts'
import {
  selectCheckpoints,
  selectEnd,
  selectEntries,
  selectItems,
  selectLast,
  selectValues,
} from './verify-database.sql.ts'
import type { StoredItem } from './items.ts'
import { verifyLog, type LogReport, type StoredEntry, type VerifyOptions } from './verify-log.ts'

const ROWS_A_READ = 1000
const ITEMS_A_READ = 5000

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
  const items = itemReader(sql, through)
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    signal?.throwIfAborted()
    const { rows } = await selectEntries(sql, [after, through, ROWS_A_READ])
    if (rows.length === 0) return
    const [first, last] = [rows[0]!.number, rows.at(-1)!.number]
    const values = Map.groupBy((await selectValues(sql, [first, last])).rows, ({ number }) => number)
    for (const row of rows)
      yield { ...row, values: values.get(row.number) ?? [], items: await items.through(row.number) }
    after = last
  }
}

/** Reads the items once, in the order of their entries. */
function itemReader(sql: Sql, last: number): { through(number: number): Promise<StoredItem[]> } {
  let page: readonly StoredItem[] = []
  let next = 0
  let end: Pick<StoredItem, 'number' | 'position'> | undefined = {
    number: Number.MIN_SAFE_INTEGER,
    position: 0,
  }
  return {
    /** Items after those already read, up to the entry `number`: an item of no entry appears with the one after it. */
    async through(number) {
      const taken: StoredItem[] = []
      for (;;) {
        for (; next < page.length && page[next]!.number <= number; next++) taken.push(page[next]!)
        if (next < page.length || end === undefined) return taken
        page = (await selectItems(sql, [end.number, end.position, last, ITEMS_A_READ])).rows
        next = 0
        end = page.length < ITEMS_A_READ ? undefined : page.at(-1)
      }
    },
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
