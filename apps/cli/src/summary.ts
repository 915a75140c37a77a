import type { RejectedPost, RunSummary } from '@mediakeep/import'
import { counted, table } from './output.ts'

/** Formats the result of an import for people. */
export function summaryLines({ runId, posts, media }: RunSummary): string[] {
  const failures = [media.gone, media.blocked, media.rejected, media.failed].reduce(
    (sum, count) => sum + count,
  )
  return [
    `Run ${runId}`,
    ...table([
      ['posts', 'processed', 'new', 'known', 'rejected'],
      ['', ...[posts.processed, posts.new, posts.known, posts.rejected].map(String)],
    ]),
    ...table([
      ['media', 'found', 'fetched', 'deduplicated', 'expired', 'failed', 'waiting'],
      [
        '',
        ...[media.found, media.fetched, media.deduplicated, media.expired, failures, media.waiting].map(
          String,
        ),
      ],
    ]),
    ...(failures > 0
      ? [
          `  of those failed: ${media.gone} gone, ${media.blocked} blocked, ${media.rejected} rejected, ${media.failed} to be retried`,
        ]
      : []),
  ]
}

/** Items that are no posts, such as likes: counted by reason. */
export function skippedLines(skipped: Readonly<Record<string, number>>): string[] {
  return Object.entries(skipped).map(([reason, count]) => `Skipped ${counted(count, 'item')}: ${reason}`)
}

export function rejectionLines(rejected: readonly RejectedPost[], total: number): string[] {
  const lines = rejected.map(
    ({ file, index, pointer, reason }) =>
      `Rejected post ${index + 1} of ${file}${pointer === '' ? '' : ` (at ${pointer})`}: ${reason}`,
  )
  return total > rejected.length
    ? [...lines, `… and ${counted(total - rejected.length, 'more rejected post')}`]
    : lines
}
