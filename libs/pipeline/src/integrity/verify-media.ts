import { type CacheCheck, CacheUnavailableError } from '@mediakeep/content'
import { markVerified, type MediaContent, mediaContents } from '@mediakeep/media'
import { mapConcurrently } from '../map-concurrently.ts'
import { absenceGuard } from './absence-guard.ts'
import { ArchiveAbsentError } from './archive-alarm.ts'
import {
  type ContentExamination,
  examineContent,
  type ExamineOptions,
  type KeepingDeps,
} from './examine-content.ts'
import { verifyFiles } from './verify-files.ts'

export interface MediaOutcome extends ContentExamination {
  readonly mediaId: string
  /** Reason why there was nothing to check, or the error while checking. */
  readonly error?: string
}

export interface KeepMediaOptions {
  readonly signal?: AbortSignal | undefined
  /** Called after each one, for progress. */
  readonly onOutcome?: ((outcome: MediaOutcome) => void) | undefined
  /** Missing objects are known to be lost: brings them back, however many there are. */
  readonly acceptMissing?: boolean | undefined
}

const CHUNK = 500
const AT_ONCE = 8

/**
 * Makes sure that media are in this cache, restoring missing ones from the archive, except rejected ones. One
 * outcome per id.
 */
export function restoreMedia(
  deps: KeepingDeps,
  mediaIds: readonly string[],
  options: KeepMediaOptions = {},
): Promise<MediaOutcome[]> {
  const how = { cacheDepth: 'size', archiveDepth: 'head', restoreMissing: true } as const
  return examineMedia(deps, mediaIds, { ...options, ...how })
}

/**
 * Reads the cache files of media in full, checks their archive objects (`head`: size and metadata; `deep`: every
 * byte), and repairs damage. One outcome per id. A file that is only missing here stays so: it may be evicted.
 */
export function verifyMedia(
  deps: KeepingDeps,
  mediaIds: readonly string[],
  { depth, ...options }: KeepMediaOptions & { readonly depth: 'head' | 'deep' },
): Promise<MediaOutcome[]> {
  const how = { cacheDepth: 'bytes', archiveDepth: depth, restoreMissing: false } as const
  return examineMedia(deps, mediaIds, { ...options, ...how })
}

async function examineMedia(
  deps: KeepingDeps,
  mediaIds: readonly string[],
  options: KeepMediaOptions & Omit<ExamineOptions, 'guard' | 'onIntact'>,
): Promise<MediaOutcome[]> {
  const guard = options.acceptMissing === true ? () => Promise.resolve() : absenceGuard(deps, options.signal)
  // An archive that is away as a whole must not look like one with missing objects.
  await deps.archive.ping(options.signal)
  const outcomes: MediaOutcome[] = []
  for (let start = 0; start < mediaIds.length; start += CHUNK) {
    options.signal?.throwIfAborted()
    const chunk = await mediaContents(deps.db, mediaIds.slice(start, start + CHUNK))
    const bySha256 = Map.groupBy(chunk, (media) => media.content?.sha256 ?? '')
    const checks = await checkFiles(deps, chunk, options)
    const byId = new Map<string, MediaOutcome>()
    const intact: string[] = []
    await mapConcurrently([...bySha256], AT_ONCE, async ([sha256, group]) => {
      for (const outcome of await examineGroup(deps, group, {
        ...options,
        guard,
        cacheCheck: checks.get(sha256),
        onIntact: (one) => void intact.push(one),
      })) {
        byId.set(outcome.mediaId, outcome)
        options.onOutcome?.(outcome)
      }
    })
    await markVerified(deps.db, intact, options.archiveDepth)
    outcomes.push(...chunk.map(({ mediaId }) => byId.get(mediaId)!))
  }
  return outcomes
}

function checkFiles(
  deps: KeepingDeps,
  media: readonly MediaContent[],
  { cacheDepth, signal }: Pick<ExamineOptions, 'cacheDepth' | 'signal'>,
): Promise<Map<string, CacheCheck>> {
  const contents = new Map(media.flatMap(({ content }) => (content ? [[content.sha256, content]] : [])))
  return verifyFiles(deps.cache, cacheDepth === 'bytes' ? [...contents.values()] : [], signal)
}

/** Checks media that share a content once. */
async function examineGroup(
  deps: KeepingDeps,
  group: readonly MediaContent[],
  options: ExamineOptions,
): Promise<MediaOutcome[]> {
  // Among rows that show one content, a single row may be rejected.
  const wanted = group.filter(({ isRejected }) => !(isRejected && options.restoreMissing))
  const content = wanted[0]?.content
  const nothing = (media: MediaContent): MediaOutcome => {
    return { ...NOTHING, mediaId: media.mediaId, error: whyNothing(media) }
  }
  if (content === undefined) return group.map(nothing)
  try {
    const examined = await examineContent(deps, content, options)
    return group.map((media) =>
      wanted.includes(media) ? { mediaId: media.mediaId, ...examined } : nothing(media),
    )
  } catch (error) {
    // An unmounted cache proves nothing about its files.
    if (error instanceof CacheUnavailableError || error instanceof ArchiveAbsentError) throw error
    options.signal?.throwIfAborted()
    return group.map(({ mediaId }) => ({ ...NOTHING, mediaId, error: String(error) }))
  }
}

const NOTHING = { cache: 'missing', archive: 'none' } as const

function whyNothing({ rowId, isRejected }: MediaContent): string {
  if (isRejected) return 'it was rejected'
  return rowId === undefined ? 'no such media' : 'nothing was fetched for it'
}
