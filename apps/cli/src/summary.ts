import type { RejectedPost, RunSummary } from '@mediakeep/import'
import { table } from './output.ts'

/** What an import did, as a person reads it. */
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

export function rejectionLines(rejected: readonly RejectedPost[], total: number): string[] {
  const lines = rejected.map(
    ({ file, index, pointer, reason }) => `rejected: ${file} post ${index} at ${pointer || '/'}: ${reason}`,
  )
  return total > rejected.length ? [...lines, `… and ${total - rejected.length} more rejected posts`] : lines
}
