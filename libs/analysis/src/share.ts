import type { Database, Sql } from '@mediakeep/sql'
import { endAttempts } from './endings.ts'
import { lockNextContents, selectExpired, shareWithAll, shareWithMedia } from './share.sql.ts'

/**
 * Copies the status and result of a known content to rows that just began to show it, without a new analysis. First
 * stores a result that another tool left on such a row as the content's analysis "older".
 * Run it in the transaction that writes the rows, after their contents are locked. @returns the number of rows written
 */
export async function shareAnalyses(
  sql: Sql,
  { mediaIds }: { readonly mediaIds: readonly string[] },
): Promise<number> {
  if (mediaIds.length === 0) return 0
  const { rows } = await shareWithMedia(sql, [mediaIds], { prepare: true })
  return rows[0]!.shared
}

const CONTENTS_AT_ONCE = 500

/**
 * The safety net: scans contents, returns expired leases that went unnoticed, and corrects the rows.
 * @param after start after this checksum @returns the number of repairs, and where to continue; undefined at the end
 */
export async function repairAnalyses(
  db: Database,
  after: string,
): Promise<{ readonly repaired: number; readonly next: string | undefined }> {
  const { rows: expired } = await selectExpired(db, [after, CONTENTS_AT_ONCE])
  await endAttempts(
    db,
    expired.map(({ id, token }) => ({ id, token, event: 'expired' as const })),
  )
  return await db.transaction(async (sql) => {
    const { rows } = await lockNextContents(sql, [after, CONTENTS_AT_ONCE])
    const sha256s = rows.map((row) => row.sha256)
    if (sha256s.length === 0) return { repaired: expired.length, next: undefined }
    const shared = await shareWithAll(sql, [sha256s])
    return { repaired: expired.length + shared.rows[0]!.shared, next: sha256s[CONTENTS_AT_ONCE - 1] }
  })
}
