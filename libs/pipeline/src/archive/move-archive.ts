import { ArchiveError, archiveKey, ArchiveMissError, type Archive } from '@mediakeep/content'
import { linkArchived, type StoredContent, toStoredContent } from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { mapConcurrently } from '../map-concurrently.ts'
import { archivePrefix } from './own-object.ts'
import { selectMovable } from './move-archive.sql.ts'

export interface MoveArchiveDeps {
  readonly db: Database
  readonly from: Archive
  readonly to: Archive
}

export interface MoveArchiveOptions {
  /** Maximum number of contents. */
  readonly limit?: number | undefined
  /** Counts the contents to copy, and copies nothing. */
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly onContent?: ((content: MovedContent) => void) | undefined
}

export interface MovedContent {
  readonly sha256: string
  readonly byteSize: number
  /** Contents that are not `moved` stay in the old archive. */
  readonly outcome: 'moved' | 'missing' | 'failed'
  readonly reason?: string
}

interface Candidate {
  readonly content: StoredContent
  /** URLs in the old archive from rows of the content. */
  readonly urls: readonly string[]
}

const BATCH = 200
const AT_ONCE = 4
/** Errors that concern one object; any other concerns an archive as a whole, and ends the move. */
const OF_ONE_OBJECT = ['digest_mismatch', 'conflict', 'cold', 'rejected']

/**
 * Copies every content from one archive to another. Rows get the new URL only after the new object has been read
 * back and its digests matched. Nothing is removed from the old archive. If restarted, it continues.
 *
 * @throws ArchiveError when an archive cannot be used
 */
export async function moveArchive(
  deps: MoveArchiveDeps,
  options: MoveArchiveOptions = {},
): Promise<MovedContent[]> {
  const { from, to } = deps
  if (archivePrefix(from) === archivePrefix(to))
    throw new ArchiveError('conflict', `${archivePrefix(to)} names both archives: there is nothing to move`)
  await Promise.all([from.ping(options.signal), to.ping(options.signal)])
  const moved: MovedContent[] = []
  const limit = options.limit ?? Infinity
  for (let after = ''; moved.length < limit;) {
    const batch = await candidates(deps, after, Math.min(BATCH, limit - moved.length))
    if (batch.length === 0) break
    after = batch.at(-1)!.content.sha256
    const done = await mapConcurrently(batch, AT_ONCE, async (candidate) => {
      options.signal?.throwIfAborted()
      const outcome = await moveContent(deps, candidate, options)
      options.onContent?.(outcome)
      return outcome
    })
    moved.push(...done)
  }
  return moved
}

/** Leaves out missing objects and rejected contents. */
async function candidates({ db, from }: MoveArchiveDeps, after: string, limit: number): Promise<Candidate[]> {
  const found = await selectMovable(db, [archivePrefix(from), after, limit])
  return found.rows.map((row) => ({ content: toStoredContent(row), urls: row.urls }))
}

async function moveContent(
  deps: MoveArchiveDeps,
  { content, urls }: Candidate,
  { dryRun, signal }: MoveArchiveOptions,
): Promise<MovedContent> {
  const { sha256, byteSize } = content
  if (dryRun === true) return { sha256, byteSize, outcome: 'moved' }
  try {
    await copyContent(deps, content, signal)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof ArchiveMissError)
      return { sha256, byteSize, outcome: 'missing', reason: error.message }
    if (!(error instanceof ArchiveError) || !OF_ONE_OBJECT.includes(error.code)) throw error
    return { sha256, byteSize, outcome: 'failed', reason: error.message }
  }
  const url = deps.to.urlOf(archiveKey(content))
  await linkArchived(deps.db, [{ content, url, wrongUrls: urls }])
  return { sha256, byteSize, outcome: 'moved' }
}

/** @throws ArchiveError, ArchiveMissError */
async function copyContent(
  { from, to }: MoveArchiveDeps,
  content: StoredContent,
  signal: AbortSignal | undefined,
): Promise<void> {
  const oldKey = from.keyOf(content.archiveUrl!)
  if (oldKey === undefined)
    throw new ArchiveError('rejected', `${content.archiveUrl!} is not an object of ${archivePrefix(from)}`)
  const key = archiveKey(content)
  await to.put(
    {
      key,
      digests: content,
      mimeType: content.mimeType,
      open: (range) => from.open(oldKey, range, signal),
    },
    signal,
  )
  const check = await to.verify(key, content, 'deep', signal)
  if (check !== 'ok')
    throw new ArchiveError(
      'digest_mismatch',
      `${to.urlOf(key)} was copied and is ${check} when it is read back`,
    )
}
