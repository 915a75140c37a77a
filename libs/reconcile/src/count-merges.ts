import type { MediaUrl } from '@mediakeep/media-url'
import type { Database, Sql } from '@mediakeep/sql'
import { ESCAPED_URL, UNRECONCILED } from './batch.ts'
import { readRow } from './reading.ts'

/** Rows per read of the cursor. */
const PAGE = 2000

interface Row {
  readonly postId: string
  readonly url: string
  readonly sourceKey: string | null
}

/**
 * Counts the duplicate rows of `post_media` that `reconcile` would merge into a survivor. Changes nothing. Also works
 * before the migrations, on a table without our columns: then it reads the URL of each row.
 */
export async function countMerges(
  database: Database,
  readMediaUrl: (url: string) => MediaUrl,
): Promise<number> {
  return database.transaction(async (sql) => {
    await sql.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const select = await selectRows(sql)
    if (select === undefined) return 0
    // A cursor needs one sort at most, where pages would need one each on a table without an index on post_id.
    await sql.query(`DECLARE media NO SCROLL CURSOR FOR ${select}`)
    let merges = 0
    let postId: string | undefined
    const keys = new Set<string>()
    for (let count = PAGE; count === PAGE;) {
      const { rows } = await sql.query<Row>(`FETCH ${PAGE} FROM media`)
      for (const row of rows) {
        if (row.postId !== postId) keys.clear()
        postId = row.postId
        const { key } = readRow(row, readMediaUrl)
        if (keys.has(key)) merges++
        keys.add(key)
      }
      count = rows.length
    }
    return merges
  })
}

/** Selects the rows in which duplicates may be, ordered by post; undefined without a table. */
async function selectRows(sql: Sql): Promise<string | undefined> {
  const { rows } = await sql.query<{ columns: string[] }>(
    `SELECT array(SELECT attname::text FROM pg_attribute
       WHERE attrelid = to_regclass('public.post_media') AND attnum > 0 AND NOT attisdropped) AS columns`,
  )
  const { columns } = rows[0]!
  if (columns.length === 0) return undefined
  if (!columns.includes('source_key')) {
    return `SELECT post_id AS "postId", media_url AS url, NULL::text AS "sourceKey" FROM public.post_media ORDER BY post_id`
  }
  return `SELECT post_id AS "postId", media_url AS url, source_key AS "sourceKey" FROM public.post_media
    WHERE post_id IN (SELECT q.post_id FROM public.post_media q WHERE ${UNRECONCILED}
      UNION SELECT q.post_id FROM public.post_media q WHERE ${ESCAPED_URL}) ORDER BY post_id`
}
