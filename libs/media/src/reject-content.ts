import { actorJson, actorName, type CustodyActor, programActor } from '@mediakeep/custody'
import type { Database } from '@mediakeep/sql'
import { changeFates, inRowBatches, mediaShowing } from './change-fates.ts'
import { updateRejected, updateUnrejected, updateArchiveUrls, selectKnown } from './reject-content.sql.ts'

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
  actor: CustodyActor = programActor(),
): Promise<string[]> {
  const judged = await updateRejected(db, [mediaId, reason, actorJson(actor), actorName(actor)])
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
  actor: CustodyActor = programActor(),
): Promise<string[]> {
  const released = await updateUnrejected(db, [mediaId, actorJson(actor), actorName(actor)])
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
    updateArchiveUrls(db, [batch.map(({ mediaId }) => mediaId), archiveUrl]),
  )
}

async function known(db: Database, mediaId: string): Promise<{ mediaId: string }[]> {
  const found = await selectKnown(db, [mediaId])
  return found.rows
}
