import { sourceFiles, type SourceFile } from '@mediakeep/media'
import { UsageError, type Work } from '../command.ts'
import { listConditions, type ListFilter } from '../list-filter.ts'
import { formatBytes, table } from '../output.ts'
import { selectMedia, type Selection } from '../selection.ts'
import { selectMediaRows } from './list.sql.ts'

export interface Options extends Selection, ListFilter {
  readonly json?: boolean
}

interface MediaRow {
  readonly mediaId: string
  readonly postId: string
  readonly author: string | null
  readonly fate: string
  readonly reason: string | null
  readonly mediaType: string
  readonly byteSize: number | null
  readonly md5Sum: string | null
  readonly sha256Sum: string | null
  readonly localFilePath: string | null
  readonly archiveUrl: string | null
  readonly mediaUrl: string
  readonly sourceFile: SourceFile | null
}

export const list: Work<Options> = async ({ options, session, output }) => {
  const { pool } = await session.databaseToRead()
  assertWhole(options)
  const conditions = await listConditions(pool, options)
  const rows: MediaRow[] = []
  for await (const ids of selectMedia(pool, { limit: 1000, ...options }, conditions)) {
    const page = await selectMediaRows(pool, [ids])
    const files = await sourceFiles(pool, ids)
    rows.push(...page.rows.map((row) => ({ ...row, sourceFile: files.get(row.mediaId) ?? null })))
  }
  output.result(rows, table(linesOf(rows)))
  if (options.limit === undefined && rows.length === 1000)
    output.note('Showing the first 1,000 media items; use --limit for more.')
  return 0
}

/** Options that narrow another one, and mean nothing without it. */
function assertWhole({ failedAt, reason, analyser, similarTo, maxDistance }: ListFilter): void {
  if (failedAt === undefined && (reason ?? analyser) !== undefined)
    throw new UsageError('--reason and --analyser need --failed-at: the stage that failed.')
  if (analyser !== undefined && failedAt !== 'analyse')
    throw new UsageError('--analyser needs --failed-at analyse.')
  if (similarTo === undefined && maxDistance !== undefined)
    throw new UsageError('--max-distance needs --similar-to: the media item to compare with.')
}

/** The column "from" exists only if a row comes from a file of an export. */
function linesOf(rows: readonly MediaRow[]): string[][] {
  const hasFiles = rows.some(({ sourceFile }) => sourceFile !== null)
  const from = (text: string): string[] => (hasFiles ? [text] : [])
  const head = ['media', 'author', 'fate', 'type', 'size', 'file', 'archived', ...from('from')]
  return [head, ...rows.map((row) => [...toLine(row), ...from(fileWords(row.sourceFile))])]
}

function fileWords(file: SourceFile | null): string {
  return file === null ? '' : `${file.member} in ${file.container} (SHA-256 ${file.sha256})`
}

function toLine(row: MediaRow): string[] {
  const size = row.byteSize === null ? '' : formatBytes(row.byteSize)
  const place = row.localFilePath ?? row.reason ?? ''
  return [row.mediaId, row.author ?? '', row.fate, row.mediaType, size, place, row.archiveUrl ?? '']
}
