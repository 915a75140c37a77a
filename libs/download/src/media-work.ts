import { setTimeout as sleep } from 'node:timers/promises'
import type { Digests } from '@mediakeep/checksum'
import {
  type Cache,
  cachePath,
  type Content,
  type Fetcher,
  type Inspector,
  isDangerous,
  MEDIA_TYPES,
  type MediaFacts,
  namedRefusal,
  NotMediaError,
  quarantineName,
  type Sniffer,
  type TemporaryFile,
} from '@mediakeep/content'
import { listInQuarantine } from '@mediakeep/media'
import { batcher, type Database, storableText } from '@mediakeep/sql'
import { boundedTasks, type BoundedTasks } from './bounded-tasks.ts'
import { supersededFiles } from './superseded-files.ts'
import { copyLocalFile, findLocalFile } from './local-file.ts'
import type { DownloadRow } from './queue.ts'
import { type Found, recordContents, type Recorded } from './record.ts'
import { type Kept, settleKept } from './settle.ts'

/** The bytes of a row: an existing local file, or a new temporary one. */
export interface Obtained {
  readonly digests: Digests
  /** Their current path in the cache, if already there. */
  readonly localPath?: string
  readonly temporary?: TemporaryFile
  /** Resolves when the temporary file is on disk. */
  readonly synced?: Promise<void> | undefined
  readonly facts: MediaFacts
  /** True if the facts come from decoding. */
  readonly isInspected?: boolean
  readonly claimedMimeType?: string | undefined
  readonly lengthVerified?: boolean
  /** Set when the sniffer refused the bytes; `facts` are then those of unknown bytes. */
  readonly refusal?: NotMediaError
}

/** The two halves of an attempt: the first needs the host's permit, the second does not. */
export interface MediaWork {
  /** @throws FetchError, NotMediaError (dangerous or empty files), CacheWriteError, CacheUnavailableError */
  obtain(row: DownloadRow, signal: AbortSignal): Promise<Obtained>
  /**
   * Registers, caches, settles. Refused bytes are registered as a rejected content and go to quarantine: the verdict
   * may be wrong, and the URL may never respond again. The temporary file is removed in every case.
   * @returns the row's fate, or undefined when its lease was lost @throws CacheWriteError, CacheUnavailableError
   */
  keep(row: DownloadRow, obtained: Obtained, signal: AbortSignal): Promise<'fetched' | 'rejected' | undefined>
  /** Call when no work is left: removes files that have moved. */
  finish(): Promise<void>
}

/** While other files are being fetched, larger batches matter more than a quick answer. */
const LINGER_MS = 80
/** Files being synced to disk, and open, while the next ones are fetched. */
const SYNCING = 64

export interface MediaWorkParts {
  readonly db: Database
  readonly cache: Cache
  readonly fetcher: Fetcher
  readonly sniffer: Sniffer
  readonly inspector: Inspector
}

export function mediaWork({ db, cache, fetcher, sniffer, inspector }: MediaWorkParts): MediaWork {
  let obtaining = 0
  const linger = async (): Promise<void> => {
    for (let waited = 0; waited < LINGER_MS; waited += 5) {
      await sleep(5)
      if (obtaining === 0) return
    }
  }
  const record = batcher<Found, Recorded | undefined>((found) => recordContents(db, found), { linger })
  const settle = batcher((kept: readonly Kept[]) => settleKept(db, cache.id, kept), { linger })
  const left = supersededFiles(db, cache)
  const syncing = boundedTasks(SYNCING)
  const put = async (path: string, { temporary, synced, localPath, digests }: Obtained): Promise<void> => {
    await synced
    if (temporary) await cache.put(temporary, path, digests, { isSynced: true })
    if (localPath === undefined || localPath === path) return
    await cache.put(await copyLocalFile(localPath, cache), path, digests)
    await left.add(localPath)
  }
  const quarantine = async (
    content: Content,
    reason: string,
    { row, obtained }: { row: DownloadRow; obtained: Obtained },
  ): Promise<void> => {
    const { sha256, byteSize } = content
    const fileName = quarantineName(content)
    await obtained.synced
    await cache.quarantine.keepTemporary(obtained.temporary!, fileName)
    await listInQuarantine(db, cache.id, [{ fileName, sha256, byteSize, reason, mediaId: row.id }])
  }
  return {
    async obtain(row, signal) {
      obtaining++
      try {
        return (
          (await findLocalFile(row, { cache, sniffer, inspector }, signal)) ??
          (await download(row, { cache, fetcher, sniffer, syncing }, signal))
        )
      } finally {
        obtaining--
      }
    },
    async keep(row, obtained, signal) {
      let isOurs = true
      const { isInspected, refusal } = obtained
      const rejectedReason = refusal && storableText(`${refusal.code}: ${refusal.message}`, 500)
      try {
        signal.throwIfAborted()
        const recorded = await record({
          row,
          content: { ...obtained.digests, ...obtained.facts, isInspected, rejectedReason },
        })
        if (!recorded) return undefined
        const { content, isRejected, isKnown } = recorded
        if (!isRejected) {
          await put(cachePath(content), obtained)
          isOurs = false
        } else if (rejectedReason !== undefined) {
          await quarantine(content, rejectedReason, { row, obtained })
          isOurs = false
        }
        const { claimedMimeType, lengthVerified } = obtained
        const hasFile = !isRejected || obtained.localPath !== undefined
        const { sha256 } = content
        const rejected = isRejected
          ? (rejectedReason ?? 'rejected: the same bytes were rejected before')
          : undefined
        return await settle({
          row,
          sha256,
          isKnown,
          claimedMimeType,
          lengthVerified,
          hasFile,
          rejectedReason: rejected,
        })
      } finally {
        if (isOurs) await obtained.temporary?.discard()
      }
    },
    finish: () => left.sweep(),
  }
}

interface DownloadParts extends Pick<MediaWorkParts, 'cache' | 'fetcher' | 'sniffer'> {
  readonly syncing: BoundedTasks
}

async function download(
  row: DownloadRow,
  { cache, fetcher, sniffer, syncing }: DownloadParts,
  signal: AbortSignal,
): Promise<Obtained> {
  const temporary = await cache.createTemporary()
  try {
    const sniffed: { facts?: MediaFacts; refusal?: NotMediaError } = {}
    const sniff = async (bytes?: Uint8Array): Promise<void> => {
      try {
        sniffed.facts = await sniffer.sniff(temporary.path, bytes)
      } catch (error) {
        // Refused bytes are kept, so they are read to the end.
        if (!(error instanceof NotMediaError) || isDangerous(error) || error.code === 'empty') throw error
        sniffed.refusal = error
      }
    }
    const options = { look: sniff, sync: true }
    const fetched = row.file
      ? await fetcher.copy(row.file.read(signal), row.file.path, temporary.path, options)
      : await fetcher.fetch(row.url, temporary.path, signal, options)
    const { digests, synced, claimedMimeType, lengthVerified } = fetched
    if (!sniffed.facts && !sniffed.refusal) await sniff()
    const { facts = unknownFacts(row) } = sniffed
    const refusal = sniffed.refusal && namedRefusal(sniffed.refusal, claimedMimeType)
    if (synced) await syncing.begin(synced.catch(() => undefined))
    const obtained = { temporary, synced, digests, facts, claimedMimeType, lengthVerified }
    return refusal ? { ...obtained, refusal } : obtained
  } catch (error) {
    await temporary.discard()
    throw error
  }
}

/** Facts about bytes of no known type: the post's media type, and a MIME type that nothing shows inline. */
function unknownFacts(row: DownloadRow): MediaFacts {
  const mediaType = MEDIA_TYPES.find((type) => type === row.mediaType) ?? 'document'
  return { mediaType, mimeType: 'application/octet-stream', extension: 'bin' }
}
