import {
  type Archive,
  ArchiveError,
  type ArchiveSource,
  type Cache,
  CacheMissError,
  quarantineKey,
} from '@mediakeep/content'
import {
  linkQuarantined,
  removeFromQuarantine,
  type StoredContentRow,
  toStoredContent,
} from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { checkObject } from './check-object.ts'
import {
  selectArchivedNames,
  selectBytesOf,
  selectQuarantineBytes,
  selectRemovable,
} from './limit-quarantine.sql.ts'

export interface QuarantineDeps {
  readonly db: Sql
  readonly cache: Pick<Cache, 'id' | 'quarantine'> & {
    purgeQuarantine(
      olderThanMs: number,
      mayRemove: (names: readonly string[]) => Promise<ReadonlySet<string>>,
    ): Promise<number>
  }
  readonly archive: Archive
}

export interface QuarantineLimits {
  readonly maxBytes: number
  readonly maxAgeSeconds: number
  readonly signal?: AbortSignal | undefined
}

export interface QuarantineReport {
  readonly removed: number
  readonly freedBytes: number
  readonly keptBytes: number
  /** Damaged copies of contents, moved aside by a verification. */
  readonly purged: number
}

/** The quarantine exceeds its limit, and the archive takes none of its files: intake pauses. */
export class QuarantineFullError extends Error {
  override readonly name = 'QuarantineFullError'
  readonly code = 'quarantine_full'

  constructor(bytes: number, maxBytes: number) {
    super(
      `The quarantine has ${bytes} bytes, more than the ${maxBytes} allowed, and the archive does not accept its files: ` +
        'downloads pause. Reverse rejections (mediakeep cache quarantine list, restore), or raise QUARANTINE_MAX_BYTES',
    )
  }
}

/**
 * Removes files from the quarantine that are too old, then the oldest until it is within its size limit. A file that
 * the archive lacks is archived first, under `quarantine/`. A file is removed only if the archive
 * verified it once and still has it.
 *
 * @throws ArchiveError when the archive takes no more and the quarantine is still above its limit
 */
export async function limitQuarantine(
  deps: QuarantineDeps,
  { maxBytes, maxAgeSeconds, signal }: QuarantineLimits,
): Promise<QuarantineReport> {
  const { db, cache } = deps
  const present = new Set(await Array.fromAsync(cache.quarantine.list()))
  let keptBytes = (await selectBytesOf(db, [cache.id, [...present]])).rows[0]!.bytes
  const report = { removed: 0, freedBytes: 0 }
  let trouble: ArchiveError | undefined
  for await (const candidate of candidates(db, cache.id)) {
    signal?.throwIfAborted()
    // The rest is younger.
    if (keptBytes <= maxBytes && candidate.ageSeconds <= maxAgeSeconds) break
    try {
      if (!(await isArchived(deps, candidate, signal))) continue
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error
      trouble ??= error
      // An archive that takes no new objects may still have some files; one that is away has none.
      if (await isAway(deps.archive, signal)) break
      continue
    }
    const { fileName } = candidate
    // Recorded first: a person may have released the file since it was listed.
    if (!(await removeFromQuarantine(db, { cacheId: cache.id, fileName }))) continue
    await cache.quarantine.remove(fileName)
    report.removed++
    if (!present.has(fileName)) continue
    report.freedBytes += candidate.byteSize
    keptBytes -= candidate.byteSize
  }
  if (trouble && keptBytes > maxBytes) throw trouble
  const purged = await cache.purgeQuarantine(maxAgeSeconds * 1000, (names) => archivedNames(db, names))
  return { ...report, keptBytes, purged }
}

/** Archives the file unless the archive had it before. @returns true if the archive has it now */
async function isArchived(
  { db, cache, archive }: QuarantineDeps,
  candidate: Candidate,
  signal?: AbortSignal,
): Promise<boolean> {
  const content = toStoredContent(candidate)
  if (candidate.isArchived) return (await checkObject(archive, content, 'head', signal)) === 'ok'
  const { fileName } = candidate
  const key = quarantineKey(fileName)
  const open: ArchiveSource['open'] = (range) => cache.quarantine.open(fileName, range)
  try {
    await archive.put({ key, digests: content, mimeType: 'application/octet-stream', open }, signal)
  } catch (error) {
    if (error instanceof CacheMissError) return false
    throw error
  }
  return linkQuarantined(db, { sha256: content.sha256, url: archive.urlOf(key) })
}

function isAway(archive: Archive, signal?: AbortSignal): Promise<boolean> {
  return archive.ping(signal).then(
    () => false,
    () => true,
  )
}

/**
 * Counts only rows whose file is here. The folder is listed only if all rows together exceed the limit.
 * @throws QuarantineFullError
 */
export async function assertQuarantineHasRoom(
  sql: Sql,
  { id, quarantine }: Pick<Cache, 'id' | 'quarantine'>,
  maxBytes: number,
): Promise<void> {
  if ((await selectQuarantineBytes(sql, [id])).rows[0]!.bytes <= maxBytes) return
  const names = await Array.fromAsync(quarantine.list())
  const { bytes } = (await selectBytesOf(sql, [id, names])).rows[0]!
  if (bytes > maxBytes) throw new QuarantineFullError(bytes, maxBytes)
}

type Candidate = StoredContentRow & {
  readonly fileName: string
  readonly isArchived: boolean
  readonly ageSeconds: number
  /** As text: a Date has no microseconds. */
  readonly since: string
}

/** The files of a quarantine, the oldest first. */
async function* candidates(sql: Sql, cacheId: string): AsyncGenerator<Candidate> {
  for (let after: Candidate | undefined; ;) {
    const page = await selectRemovable(sql, [cacheId, after?.since ?? null, after?.fileName ?? null])
    yield* page.rows
    after = page.rows.at(-1)
    if (after === undefined) return
  }
}

/** Returns the names whose contents the archive has. */
async function archivedNames(sql: Sql, names: readonly string[]): Promise<Set<string>> {
  const found = await selectArchivedNames(sql, [names])
  return new Set(found.rows.map(({ name }) => name))
}
