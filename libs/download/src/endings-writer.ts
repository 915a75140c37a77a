import type { StageLog } from '@mediakeep/lease'
import { batcher, type Database } from '@mediakeep/sql'
import { explainFailure, type RowEnding } from './failure.ts'
import { holdHost } from './hosts.ts'
import type { DownloadRow } from './queue.ts'
import { writeEndings } from './write-endings.ts'

export interface FailureEvents {
  /** A host asked for a pause. */
  onHostWaits(host: string, seconds: number): void
  /** The cache accepts no files, or this machine cannot inspect anything: the pass must end. */
  onMachineTrouble(error: unknown): void
}

/** Ends attempts that produced no file. Never rejects: if a write fails, the lease expires by itself. */
export interface EndingsWriter {
  /** @returns true if the row took a fate; false if it was given back or lost */
  write(ending: RowEnding): Promise<boolean>
  /** Ends an attempt according to its error. */
  fail(row: DownloadRow, error: unknown): Promise<boolean>
}

export function endingsWriter(db: Database, log: StageLog, events: FailureEvents): EndingsWriter {
  const batched = batcher((endings: readonly RowEnding[]) => writeEndings(db, endings))
  const write = async (ending: RowEnding): Promise<boolean> => {
    try {
      const fate = await batched(ending)
      return fate !== undefined && fate !== 'waiting'
    } catch (error) {
      log.error({ err: error, mediaId: ending.row.id }, 'the result of a download could not be stored')
      return false
    }
  }
  const hold = async (host: string, seconds: number, reason: string): Promise<number> => {
    events.onHostWaits(host, seconds)
    try {
      return await holdHost(db, host, seconds, reason)
    } catch (error) {
      log.error({ err: error, host }, 'the pause for a host could not be stored')
      return seconds
    }
  }
  return {
    write,
    async fail(row, error) {
      const { ending, answeredBy = row.host, isMachineTrouble, isUnexpected } = explainFailure(row, error)
      if (isMachineTrouble) events.onMachineTrouble(error)
      if (isUnexpected) log.error({ err: error, mediaId: row.id }, 'a download failed unexpectedly')
      const { hostSeconds } = ending
      if (hostSeconds === undefined) return write(ending)
      // Rows are claimed by their own host: after a redirect, holding only the other host would not stop them.
      const hosts = [...new Set([row.host, answeredBy])]
      const held = await Promise.all(hosts.map((host) => hold(host, hostSeconds, String(error))))
      return write({ ...ending, hostSeconds: Math.max(...held) })
    },
  }
}
