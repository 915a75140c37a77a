import {
  createImportRun,
  findPostFiles,
  previewImport,
  readRejectedPosts,
  readRunSummary,
  runImport,
} from '@mediakeep/import'
import { downloads, inspections, uploads, type StageParts } from '@mediakeep/worker'
import { UsageError, type ExitCode, type Work } from '../command.ts'
import { explainFile } from '../explain-file.ts'
import { counted } from '../output.ts'
import { settleMedia } from '../settle-media.ts'
import { stageParts } from '../stage-parts.ts'
import { rejectionLines, summaryLines } from '../summary.ts'

export interface Options {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly fetch: boolean
}

export const importPosts: Work<Options> = async ({ args, options, session, output }) => {
  const formats = await session.formats()
  const { files, skipped, links } = await findPostFiles(args).catch((error: unknown) => {
    throw new UsageError(explainFile(error as Error) ?? (error as Error).message)
  })
  if (files.length === 0) throw new UsageError(`No *.json, *.ndjson or *.jsonl file in ${args.join(', ')}`)
  const found = foundLines(skipped, links)
  if (options.dryRun) {
    const preview = await previewImport(files, formats, session.signal)
    output.result({ ...preview, skipped, links }, [
      `Would import ${counted(preview.posts, 'post')} with ${counted(preview.media, 'media reference')} from ${counted(files.length, 'file')}.`,
      ...found,
      ...rejectionLines(preview.rejected, preview.rejected.length),
      ...preview.fileErrors,
    ])
    return preview.rejected.length + preview.fileErrors.length > 0 ? 1 : 0
  }
  const { pool } = await session.database()
  const runId = await createImportRun(pool, { files, machine: session.config.machine })
  const progress = output.progress('import')
  const ended = await runImport(pool, {
    runId,
    formats,
    signal: session.signal,
    onProgress: ({ bytesRead, bytesTotal, posts }) =>
      progress.update(bytesRead, bytesTotal, `bytes, ${posts.processed} posts`),
  }).finally(() => progress.stop())
  const undone: string[] = []
  if (options.fetch) {
    const parts = await stageParts(session, output)
    undone.push(...(await settleMedia(parts, runStagesOf(parts), { runId }, session.signal, output)))
  }
  if (ended.posts.processed === 0)
    found.unshift(`0 posts in ${files.length === 1 ? 'the file' : counted(files.length, 'file')}`)
  return report(pool, runId, { error: ended.error, undone, found }, output)
}

/** Returns lines about what a folder contains besides the imported files. */
function foundLines(skipped: number, links: readonly string[]): string[] {
  return [
    ...(skipped > 0
      ? [`Skipped ${counted(skipped, 'hidden file or folder', 'hidden files and folders')}.`]
      : []),
    ...links.map(
      (link) => `Not followed: ${link} leads out of the folder, or nowhere. Name its target to import it.`,
    ),
  ]
}

const runStagesOf = (parts: StageParts) => [downloads(parts), inspections(parts), uploads(parts)]

interface Ended {
  readonly error: string | null
  /** Work that a stage left undone, and why. */
  readonly undone: readonly string[]
  readonly found: readonly string[]
}

async function report(
  sql: Parameters<typeof readRunSummary>[0],
  runId: string,
  ended: Ended,
  output: Parameters<Work<Options>>[0]['output'],
): Promise<ExitCode> {
  const { error, undone, found } = ended
  const summary = (await readRunSummary(sql, runId))!
  const rejected = await readRejectedPosts(sql, runId)
  output.result({ ...summary, rejected, undone }, [
    ...summaryLines(summary),
    ...found,
    ...rejectionLines(rejected, summary.posts.rejected),
    ...undone,
    ...(error === null ? [] : [`Failed: ${error}`]),
  ])
  const { expired, gone, blocked, rejected: rejectedMedia, failed } = summary.media
  const isAllWell =
    summary.posts.rejected + expired + gone + blocked + rejectedMedia + failed + undone.length === 0
  return isAllWell && error === null ? 0 : 1
}
