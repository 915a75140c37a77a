import type { Lease, Stage, StageReport } from '@mediakeep/lease'
import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Database } from '@mediakeep/sql'
import { leftRunsWithFiles, type LeftPlace } from './left-runs.ts'
import { importQueue } from './queue.ts'
import { runImport } from './run-import.ts'

export interface ImportStageOptions {
  readonly db: Database
  /** Leaves another machine's runs alone while it still resumes them, or if their files are not here. */
  readonly machine: string
  readonly formats: readonly SourceFormat[]
  readonly leaseSeconds: number
  readonly log: {
    info(details: object, message: string): void
    error(details: object, message: string): void
  }
}

/** Processes waiting imports and backfills, and those whose process died. */
export function importStage(options: ImportStageOptions): Stage {
  const left: LeftRuns = { after: undefined }
  return {
    name: 'import',
    async drain(signal) {
      const report = { done: 0, failed: 0 }
      while (!signal.aborted && (await runNext(options, left, signal, report)));
      return report
    },
  }
}

/** The place up to which this process has looked at other machines' runs; each pass looks at some. */
interface LeftRuns {
  after: LeftPlace | undefined
}

/** @returns true if there was one */
async function runNext(
  options: ImportStageOptions,
  left: LeftRuns,
  signal: AbortSignal,
  report: { -readonly [Key in keyof StageReport]: number },
): Promise<boolean> {
  const { db, machine, formats, leaseSeconds, log } = options
  const claim = async (where: string, value: unknown): Promise<Lease | undefined> =>
    (await importQueue.claim(db, { limit: 1, leaseSeconds, where, values: [value] }))[0]
  const lease =
    (await claim('q.machine IS NULL OR q.machine = $1', machine)) ??
    (await claimLeft(db, machine, left, (ids) => claim('q.run_id = ANY ($1)', ids)))
  if (!lease) return false
  const runId = lease.id
  try {
    const { status, error, posts } = await runImport(db, {
      runId,
      lease,
      formats,
      machine,
      leaseSeconds,
      signal,
    })
    log.info({ runId, status, error, posts }, 'import ended')
    report[status === 'failed' ? 'failed' : 'done']++
  } catch (error) {
    if (signal.aborted) return false
    log.error({ runId, err: error }, 'import interrupted; it will be taken up again')
    report.failed++
  }
  return true
}

async function claimLeft(
  db: Database,
  machine: string,
  left: LeftRuns,
  claim: (runIds: readonly string[]) => Promise<Lease | undefined>,
): Promise<Lease | undefined> {
  const { runIds, next } = await leftRunsWithFiles(db, machine, left.after)
  left.after = next
  return runIds.length === 0 ? undefined : claim(runIds)
}
