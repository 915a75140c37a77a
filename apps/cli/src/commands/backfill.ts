import { backfill, previewBackfill, readRejectedPosts } from '@mediakeep/import'
import { readMediaUrl } from '@mediakeep/media-url'
import { reconcile } from '@mediakeep/reconcile'
import { downloads, uploads } from '@mediakeep/worker'
import { Command } from 'commander'
import { act, type Work } from '../command.ts'
import { selectMedia, withSelection, type Selection } from '../selection.ts'
import { settleMedia } from '../settle-media.ts'
import { stageParts } from '../stage-parts.ts'
import { rejectionLines } from '../summary.ts'

interface Options extends Selection {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly fetch: boolean
  readonly resume?: string
}

/** `mediakeep backfill` */
export function backfillCommand(): Command {
  const command = new Command('backfill')
    .summary('complete what earlier imports and older tools left')
    .description(
      'Reads the stored posts again, adds every media reference that has no row, completes rows whose file is cached but ' +
        'not checksummed, and fetches what waits. Running it twice changes nothing.',
    )
    .option('--resume <run>', 'go on with an interrupted run')
    .option('--dry-run', 'say what is missing, write nothing')
    .option('--no-fetch', 'leave fetching to a worker')
  return act<Options>(withSelection(command), runBackfill)
}

const runBackfill: Work<Options> = async ({ options, session, output }) => {
  const { pool } = await session.database()
  const formats = await session.formats()
  const selection = {
    postId: options.postId,
    mediaId: options.mediaId,
    startDate: options.startDate?.toISOString(),
    limit: options.limit,
  }
  if (options.dryRun) {
    const preview = await previewBackfill(pool, { formats, selection, signal: session.signal })
    const { posts, found, missing, rejected } = preview
    output.result(preview, [
      `Would add ${missing} of ${found} media references in ${posts} posts; ${rejected} posts cannot be read.`,
    ])
    return rejected > 0 ? 1 : 0
  }
  const reconciled = await reconcile(pool, { readMediaUrl, signal: session.signal })
  const progress = output.progress('backfill')
  const run = await backfill(pool, {
    formats,
    selection,
    runId: options.resume,
    signal: session.signal,
    onProgress: ({ posts, references }) =>
      progress.update(posts.processed, posts.processed, `posts, ${references.new} references added`),
  }).finally(() => progress.stop())
  if (options.fetch) {
    const parts = await stageParts(session)
    const stages = [downloads(parts), uploads(parts)]
    for await (const mediaIds of selectMedia(pool, options, `m.fate = 'waiting'`)) {
      await settleMedia(pool, stages, { mediaIds }, session.signal, output)
    }
  }
  const rejected = await readRejectedPosts(pool, run.runId)
  output.result({ ...run, reconciled, rejected }, [
    `Run ${run.runId}: ${run.posts.processed} posts read, ${run.references.new} media references added, ` +
      `${reconciled.keyed} rows of older tools put right, ${reconciled.merged} duplicates merged.`,
    ...rejectionLines(rejected, run.posts.rejected),
    ...(run.error === null ? [] : [`Failed: ${run.error}`]),
  ])
  return run.error !== null || run.posts.rejected > 0 ? 1 : 0
}
