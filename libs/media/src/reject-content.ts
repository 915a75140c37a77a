import type { Database } from '@mediakeep/sql'
import { INSPECT_AGAIN } from './queue-contents.ts'
import { changeFates, inRowBatches, mediaShowing } from './change-fates.ts'

/**
 * Rejects the content that a media item shows: all its rows get the fate `rejected`, including future ones. Its file
 * goes back to the inspection queue, from which the cache that has it moves it to quarantine. An archived object
 * stays: a judgement can be wrong. If nothing was fetched, only the row is rejected. The verdict is written first and
 * the rows follow in batches; if the process dies in between, the inspection queue finishes them.
 *
 * @returns the ids of the rejected rows; none when the media item does not exist
 */
export async function rejectContent(
  db: Database,
  { mediaId, reason }: { readonly mediaId: string; readonly reason: string },
): Promise<string[]> {
  const judged = await db.query<{ sha256: string }>(
    `UPDATE mediakeep.contents c SET rejected_at = now(), rejected_reason = $2, released_at = NULL,
       archive_not_before = NULL, ${INSPECT_AGAIN}
     FROM public.post_media m WHERE m.media_id = $1 AND c.sha256_sum = m.sha256_sum
     RETURNING c.sha256_sum AS sha256`,
    [mediaId, reason],
  )
  const sha256 = judged.rows[0]?.sha256
  const shown = sha256 === undefined ? await known(db, mediaId) : await mediaShowing(db, [sha256])
  const rows = shown.map((row) => ({ mediaId: row.mediaId, reason }))
  return await changeFates(db, rows, { to: 'rejected', isJudged: true })
}

/**
 * Takes back the rejection of a media item's content, regardless of who rejected it: its rows have it again, and no
 * automatic verdict rejects it again. The machine with the quarantine moves the file back and inspects it again; a file
 * in neither a quarantine nor the archive is fetched from its source.
 *
 * @returns the ids of the rows; none when the media item does not exist or was not rejected
 */
export async function unrejectContent(
  db: Database,
  { mediaId }: { readonly mediaId: string },
): Promise<string[]> {
  const released = await db.query<{ sha256: string; archiveUrl: string | null; isKept: boolean }>(
    `WITH shown AS (SELECT m.sha256_sum FROM public.post_media m WHERE m.media_id = $1),
     wanted AS (
       UPDATE mediakeep.quarantine f SET release_requested_at = now() FROM shown
       WHERE f.sha256_sum = shown.sha256_sum AND f.released_at IS NULL AND f.removed_at IS NULL RETURNING f.cache_id)
     UPDATE mediakeep.contents c SET rejected_at = NULL, rejected_reason = NULL, released_at = now(),
       inspect_error = NULL, inspect_attempts = 0, inspect_not_before = now(), inspect_lease_token = NULL,
       inspect_lease_expires_at = NULL,
       -- Only the archive has its file, so no cache will inspect it: a person's release counts as its inspection.
       inspected_at = CASE WHEN c.archive_url IS NOT NULL AND c.cache_id IS NULL AND NOT EXISTS (SELECT FROM wanted)
         THEN now() ELSE c.inspected_at END
     FROM shown WHERE c.sha256_sum = shown.sha256_sum AND c.rejected_at IS NOT NULL
     RETURNING c.sha256_sum AS sha256, c.archive_url AS "archiveUrl",
       c.archive_url IS NOT NULL OR c.cache_id IS NOT NULL OR EXISTS (SELECT FROM wanted) AS "isKept"`,
    [mediaId],
  )
  const content = released.rows[0]
  const shown = content ? await mediaShowing(db, [content.sha256]) : await known(db, mediaId)
  const archiveUrl = content?.archiveUrl
  if (archiveUrl != null) await linkRows(db, shown, archiveUrl)
  const rows = shown.map((row) => ({ mediaId: row.mediaId, reason: null }))
  const to = content?.isKept === true ? 'fetched' : 'waiting'
  return await changeFates(db, rows, { to, from: 'rejected', isJudged: false })
}

/** Links rows to an object that was archived while they were rejected. */
async function linkRows(
  db: Database,
  shown: readonly { readonly mediaId: string }[],
  archiveUrl: string,
): Promise<void> {
  await inRowBatches(shown, (batch) =>
    db.query(
      `UPDATE public.post_media SET archive_url = $2
       WHERE media_id = ANY($1::text[]) AND archive_url IS NULL AND fate = 'rejected'`,
      [batch.map(({ mediaId }) => mediaId), archiveUrl],
    ),
  )
}

async function known(db: Database, mediaId: string): Promise<{ mediaId: string }[]> {
  const found = await db.query<{ mediaId: string }>(
    'SELECT m.media_id AS "mediaId" FROM public.post_media m WHERE m.media_id = $1',
    [mediaId],
  )
  return found.rows
}
