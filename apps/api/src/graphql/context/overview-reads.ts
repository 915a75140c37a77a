import {
  expiringMedia,
  failureReasons,
  throughput,
  type ExpiringMedia,
  type FailureReason,
  type PipelineStats,
  type Throughput,
  type ThroughputUnit,
} from '@mediakeep/pipeline'
import type { Sql } from '@mediakeep/sql'
import { recent } from './recent.ts'

/** Counts over everything. Each may be a few moments old, or older where counting takes long. */
export interface OverviewReads {
  readonly stats: () => Promise<PipelineStats>
  readonly throughput: Readonly<Record<ThroughputUnit, () => Promise<Throughput[]>>>
  /** The first `MOST_REASONS` reasons. */
  readonly failureReasons: () => Promise<FailureReason[]>
  readonly expiringMedia: (hours: number) => Promise<ExpiringMedia>
}

export const MOST_REASONS = 100

/** Minimum cache time of counts that change every second, in milliseconds. */
const KEPT_MS = 500
/** Minimum cache time of charts by hour or day, in milliseconds. */
const DRAWN_MS = 5_000

export function openOverviewReads(sql: Sql, readStats: () => Promise<PipelineStats>): OverviewReads {
  const byHours = new Map<number, () => Promise<ExpiringMedia>>()
  return {
    stats: recent(readStats, KEPT_MS),
    throughput: {
      hour: recent(() => throughput(sql, 'hour'), DRAWN_MS),
      day: recent(() => throughput(sql, 'day'), DRAWN_MS),
    },
    failureReasons: recent(() => failureReasons(sql, MOST_REASONS), KEPT_MS),
    expiringMedia: (hours) => {
      let read = byHours.get(hours)
      if (!read) byHours.set(hours, (read = recent(() => expiringMedia(sql, hours), KEPT_MS)))
      return read()
    },
  }
}
