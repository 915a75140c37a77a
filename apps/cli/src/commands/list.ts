import type { Work } from '../command.ts'
import { formatBytes, table } from '../output.ts'
import { selectMedia, type Selection } from '../selection.ts'

export interface Options extends Selection {
  readonly json?: boolean
  readonly fate?: string
}

interface MediaRow {
  readonly mediaId: string
  readonly postId: string
  readonly fate: string
  readonly reason: string | null
  readonly mediaType: string
  readonly byteSize: number | null
  readonly md5Sum: string | null
  readonly sha256Sum: string | null
  readonly localFilePath: string | null
  readonly archiveUrl: string | null
  readonly mediaUrl: string
}

export const list: Work<Options> = async ({ options, session, output }) => {
  const { pool } = await session.databaseToRead()
  const condition = options.fate === undefined ? 'true' : `m.fate = '${options.fate}'`
  const rows: MediaRow[] = []
  for await (const ids of selectMedia(pool, { limit: 1000, ...options }, condition)) {
    const page = await pool.query<MediaRow>(
      `SELECT media_id AS "mediaId", post_id AS "postId", fate, fate_reason AS reason, media_type AS "mediaType",
         coalesce(byte_size, file_size) AS "byteSize", md5_sum AS "md5Sum", sha256_sum AS "sha256Sum",
         local_file_path AS "localFilePath", archive_url AS "archiveUrl", media_url AS "mediaUrl"
       FROM public.post_media WHERE media_id = ANY($1) ORDER BY media_id`,
      [ids],
    )
    rows.push(...page.rows)
  }
  const head = ['media', 'fate', 'type', 'size', 'file', 'archived']
  output.result(rows, table([head, ...rows.map(toLine)]))
  if (options.limit === undefined && rows.length === 1000)
    output.note('The first 1,000; say --limit for more.')
  return 0
}

function toLine(row: MediaRow): string[] {
  const size = row.byteSize === null ? '' : formatBytes(row.byteSize)
  const place = row.localFilePath ?? row.reason ?? ''
  return [row.mediaId, row.fate, row.mediaType, size, place, row.archiveUrl ?? '']
}
