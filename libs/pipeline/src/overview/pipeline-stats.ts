import type { Sql } from '@mediakeep/sql'
import { type ContentTotals, type MediaGroup, type PipelineStep, pipelineSteps } from './pipeline-steps.ts'
import {
  selectCacheCounts,
  selectMediaGroups,
  selectContentTotals,
  selectUninspectedCount,
} from './pipeline-stats.sql.ts'

export interface PipelineStats {
  readonly media: {
    readonly total: number
    readonly byFate: Readonly<Record<string, number>>
    /** `pending` and null, written by older tools, count as `not_started`. */
    readonly byAnalysisStatus: Readonly<Record<string, number>>
    /** Excludes those whose object is missing from the archive. */
    readonly archived: number
  }
  readonly contents: {
    readonly total: number
    readonly bytes: number
    readonly archived: number
    readonly archivedBytes: number
    /** Archived once, but the archive no longer shows them. */
    readonly missing: number
    readonly placeholdersSuspected: number
    readonly rejected: number
  }
  /** Duplicates that did not need to be stored. */
  readonly deduplicated: { readonly media: number; readonly bytes: number }
  readonly queues: {
    readonly download: { readonly waiting: number; readonly retrying: number }
    /** `parked`: given up without a verdict; the reason is in `inspect_error`. */
    readonly inspect: { readonly waiting: number; readonly inspecting: number; readonly parked: number }
    /** `givenUp`: no more attempts; the reason is in `archive_error`. */
    readonly archive: { readonly waiting: number; readonly uploading: number; readonly givenUp: number }
  }
  /** When the longest-waiting reference was found. */
  readonly oldestWaitingAt: Date | undefined
  /** From found to analysed, in that order. */
  readonly steps: readonly PipelineStep[]
  readonly caches: readonly CacheCount[]
}

/** Contents of a machine's cache when last counted. */
export interface CacheCount {
  readonly id: string
  readonly host: string | null
  readonly folder: string | null
  readonly lastSeenAt: Date
  /** Not seen for so long that others take over its work. */
  readonly isAbsent: boolean
  /** Null until counted. */
  readonly files: number | null
  readonly bytes: number | null
  readonly countedAt: Date | null
}

/** Counts over all data: one pass over the rows and one over the contents. */
export async function pipelineStats(sql: Sql): Promise<PipelineStats> {
  const [groups, totals] = [await mediaGroups(sql), await contentTotals(sql)]
  const { total, bytes, archived, archivedBytes, missing, placeholdersSuspected, rejected } = totals
  const { uninspected, inspecting, parked, waiting, uploading, givenUp } = totals
  const oldest = groups.flatMap((group) => group.oldest ?? [])
  return {
    media: {
      total: sum(groups, 'media'),
      byFate: countBy(groups, 'fate'),
      byAnalysisStatus: countBy(groups, 'status'),
      archived: sum(groups, 'archived'),
    },
    contents: { total, bytes, archived, archivedBytes, missing, placeholdersSuspected, rejected },
    // Slightly too small while contents without rows await garbage collection.
    deduplicated: {
      media: Math.max(0, sum(groups, 'stored') - total),
      bytes: Math.max(0, sum(groups, 'bytes') - bytes),
    },
    queues: {
      download: { waiting: countBy(groups, 'fate')['waiting'] ?? 0, retrying: sum(groups, 'retrying') },
      inspect: { waiting: uninspected, inspecting, parked },
      archive: { waiting, uploading, givenUp },
    },
    oldestWaitingAt: oldest.sort((a, b) => a.getTime() - b.getTime())[0],
    steps: pipelineSteps(groups, totals, await countUninspectedMedia(sql)),
    caches: await cacheCounts(sql),
  }
}

/** How many caches are listed, the most recently seen first: replaced containers leave theirs behind. */
const MOST_CACHES = 100

async function cacheCounts(sql: Sql): Promise<CacheCount[]> {
  const found = await selectCacheCounts(sql, [MOST_CACHES])
  return found.rows
}

async function mediaGroups(sql: Sql): Promise<MediaGroup[]> {
  const groups = await selectMediaGroups(sql)
  return groups.rows
}

async function contentTotals(sql: Sql): Promise<ContentTotals> {
  const totals = await selectContentTotals(sql)
  return totals.rows[0]!
}

/** Only those in the inspection queue, by its index. */
async function countUninspectedMedia(sql: Sql): Promise<number> {
  const { rows } = await selectUninspectedCount(sql)
  return rows[0]!.media
}

function sum(
  groups: readonly MediaGroup[],
  key: 'media' | 'archived' | 'retrying' | 'stored' | 'bytes',
): number {
  return groups.reduce((total, group) => total + group[key], 0)
}

function countBy(groups: readonly MediaGroup[], key: 'fate' | 'status'): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const group of groups) counts[group[key]] = (counts[group[key]] ?? 0) + group.media
  return counts
}
