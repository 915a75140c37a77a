import {
  createImportRun,
  findPostFiles,
  previewImport,
  readRejectedPosts,
  readRunSummary,
  runImport,
  type ImportPreview,
} from '@mediakeep/import'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { downloads, exportFiles, inspections, uploads, type StageParts } from '@mediakeep/worker'
import { UsageError, type ExitCode, type Work } from '../command.ts'
import { explainFile } from '../explain-file.ts'
import { counted } from '../output.ts'
import { settleMedia } from '../settle-media.ts'
import { stageParts } from '../stage-parts.ts'
import { rejectionLines, skippedLines, summaryLines } from '../summary.ts'

export interface Options {
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly fetch: boolean
  /** The only format to use. */
  readonly format?: string
}

export const importPosts: Work<Options> = async ({ args, options, session, output }) => {
  const formats = await session.formats()
  const chosen = chosenFormats(formats, options.format)
  const { files, skipped, links } = await findPostFiles(args).catch((error: unknown) => {
    throw new UsageError(explainFile(error as Error) ?? (error as Error).message)
  })
  if (files.length === 0) throw new UsageError(`No file in ${args.join(', ')}`)
  const found = foundLines(skipped, links)
  if (options.dryRun) {
    const preview = await previewImport(files, chosen, session.signal)
    output.result({ ...preview, skipped, links }, [
      `Would import ${counted(preview.posts, 'post')} with ${counted(preview.media, 'media reference')} from ${counted(files.length, 'file')}.`,
      ...formatLines(preview),
      ...found,
      ...rejectionLines(preview.rejected, preview.rejected.length),
      ...preview.fileErrors,
    ])
    return preview.rejected.length + preview.fileErrors.length > 0 ? 1 : 0
  }
  const { pool } = await session.database()
  const runId = await createImportRun(pool, {
    files,
    machine: session.config.machine,
    formats: options.format === undefined ? undefined : [options.format],
  })
  const progress = output.progress('import')
  const ended = await runImport(pool, {
    runId,
    formats,
    machine: session.config.machine,
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

/** @throws UsageError for a name that no format has */
function chosenFormats(formats: readonly SourceFormat[], name: string | undefined): readonly SourceFormat[] {
  if (name === undefined) return formats
  const chosen = formats.filter((format) => format.name === name)
  if (chosen.length > 0) return chosen
  const names = formats.map((format) => format.name).join(', ')
  throw new UsageError(`There is no source format ${name}. There are: ${names}`)
}

/** Returns a line for each recognised format, and one for each reason why items are no posts. */
function formatLines({ formats, skippedItems }: ImportPreview): string[] {
  return [
    ...Object.entries(formats).map(
      ([name, { posts, media }]) =>
        `  ${name}: ${counted(posts, 'post')}, ${counted(media, 'media reference')}`,
    ),
    ...skippedLines(skippedItems),
  ]
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

const runStagesOf = (parts: StageParts) => [
  downloads(parts),
  exportFiles(parts),
  inspections(parts),
  uploads(parts),
]

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
    ...skippedLines(summary.skipped),
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
