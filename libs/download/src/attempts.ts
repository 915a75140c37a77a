import { leaseKeeper, MAX_DEATHS, type StageReport } from '@mediakeep/lease'
import { downloadQueue } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { boundedTasks } from './bounded-tasks.ts'
import type { EndingsWriter } from './endings-writer.ts'
import { parkedAfterDeaths } from './failure.ts'
import type { MediaWork, Obtained } from './media-work.ts'
import type { DownloadRow } from './queue.ts'

/** Files stored and settled at once, while their lanes fetch the next. */
const FINISHING = 512

/** Handles attempts from claim to end, and keeps their leases alive. */
export interface Attempts {
  /** Starts keeping the leases of claimed rows alive. */
  begin(rows: readonly DownloadRow[]): void
  /** Resolves when the host's permit is no longer needed; the rest continues. Never rejects. */
  run(row: DownloadRow, signal: AbortSignal): Promise<void>
  /** Gives a row back untried. */
  giveBack(row: DownloadRow): Promise<void>
  /** Resolves when all attempts have ended. */
  close(): Promise<void>
  /** Number of rows fetched, and number that took another fate. */
  report(): StageReport
}

export interface AttemptParts {
  readonly sql: Sql
  readonly work: MediaWork
  readonly endings: EndingsWriter
  readonly leaseSeconds: number
  readonly onEnd: (row: DownloadRow) => void
}

export function downloadAttempts({ sql, work, endings, leaseSeconds, onEnd }: AttemptParts): Attempts {
  const report = { done: 0, failed: 0 }
  const keeper = leaseKeeper(downloadQueue, sql, leaseSeconds)
  const losses = new Map<DownloadRow, AbortSignal>()
  const finishing = boundedTasks(FINISHING)
  const end = (row: DownloadRow): void => {
    keeper.drop(row)
    losses.delete(row)
    onEnd(row)
  }
  const fail = async (row: DownloadRow, error: unknown, stop?: AbortSignal): Promise<void> => {
    if (losses.get(row)?.aborted) return
    const hasFate = stop?.aborted
      ? await endings.write({ row, fate: 'waiting' })
      : await endings.fail(row, error)
    if (hasFate) report.failed++
  }
  const keep = async (row: DownloadRow, obtained: Obtained): Promise<void> => {
    try {
      const fate = await work.keep(row, obtained, losses.get(row)!)
      if (fate === 'fetched') report.done++
      if (fate === 'rejected') report.failed++
    } catch (error) {
      await fail(row, error)
    }
    end(row)
  }
  return {
    begin(rows) {
      for (const row of rows) losses.set(row, keeper.keep(row))
    },
    async run(row, signal) {
      const stop = AbortSignal.any([signal, losses.get(row)!])
      try {
        stop.throwIfAborted()
        if (row.deaths >= MAX_DEATHS) {
          if (await endings.write(parkedAfterDeaths(row))) report.failed++
          end(row)
          return
        }
        const obtained = await work.obtain(row, stop)
        const kept = keep(row, obtained)
        const hasRoom = finishing.begin(kept)
        await (row.isSuspect ? kept : hasRoom)
      } catch (error) {
        await fail(row, error, stop)
        end(row)
      }
    },
    async giveBack(row) {
      await endings.write({ row, fate: 'waiting' })
      end(row)
    },
    async close() {
      await finishing.idle()
      keeper.stop()
    },
    report: () => report,
  }
}
