import { readdir } from 'node:fs/promises'
import type { Usage } from '@mediakeep/cache'
import { retryInspections } from '@mediakeep/media'
import { cacheAdopt, evictCache, restoreMedia } from '@mediakeep/pipeline'
import { cachedContents } from '../cached-contents.ts'
import { type CommonOptions, UsageError, type Work } from '../command.ts'
import { explainFile } from '../explain-file.ts'
import { type Reported, reportOutcomes } from '../outcomes.ts'
import { counted, formatBytes, table } from '../output.ts'
import { type Selection, selectMedia } from '../selection.ts'
import { selectContentCount } from './cache.sql.ts'

const PARKED = `EXISTS (SELECT FROM mediakeep.contents c
  WHERE c.sha256_sum = m.sha256_sum AND c.inspect_parked_at IS NOT NULL)`

export const retry: Work<CommonOptions & Selection> = async ({ options, session, output }) => {
  const { pool } = await session.database()
  const mediaIds: string[] = []
  for await (const ids of selectMedia(pool, options, PARKED)) {
    mediaIds.push(...ids)
    if (!options.dryRun) await retryInspections(pool, ids)
  }
  output.result({ mediaIds }, [
    ...mediaIds,
    `${counted(mediaIds.length, 'media item')} ${options.dryRun ? 'would' : 'will'} be inspected again by a worker on the machine that has the file.`,
  ])
  return 0
}

export const stats: Work<CommonOptions> = async ({ session, output }) => {
  const cache = await session.cache()
  const found = await cache.stats()
  const rows = Object.entries(found).map(([name, { files, byteSize }]: [string, Usage]) => [
    name,
    String(files),
    formatBytes(byteSize),
  ])
  output.result({ root: cache.root, id: cache.id, ...found }, [
    cache.root,
    ...table([['', 'files', 'size'], ...rows]),
  ])
  return 0
}

export const verify: Work<CommonOptions & Selection> = async ({ options, session, output }) => {
  const { dryRun, postId, mediaId, startDate, limit } = options
  const selection = { postId, mediaId, startDate, limit }
  const [{ pool }, cache, archive] = await Promise.all([
    session.database(),
    session.cache(),
    session.archive(),
  ])
  const progress = output.progress('verify')
  const outcomes: Reported[] = []
  const damaged: string[] = []
  const total = (await selectContentCount(pool)).rows[0]!.n
  const results = cache.verifyMany(cachedContents(pool, selection), { dryRun, signal: session.signal })
  for await (const { entry, check } of results) {
    if (check === 'corrupt') damaged.push(entry.mediaId)
    if (check === 'corrupt' && !dryRun) continue
    // A file that is merely missing was evicted, or is on another machine.
    const there = check === 'missing' && entry.isArchived ? 'not asked' : 'none'
    outcomes.push({ mediaId: entry.mediaId, cache: check, archive: there })
    progress.update(outcomes.length, total)
  }
  progress.stop()
  if (!dryRun && damaged.length > 0) {
    const deps = { db: pool, cache, archive }
    // The damaged files are in quarantine: the missing ones are restored from the archive.
    outcomes.push(...(await restoreMedia(deps, damaged, { signal: session.signal })))
  }
  return reportOutcomes(output, 'Verified', outcomes)
}

export const evict: Work<CommonOptions & { maxBytes?: number }> = async ({ options, session, output }) => {
  const [{ pool }, cache, archive] = await Promise.all([
    session.database(),
    session.cache(),
    session.archive(),
  ])
  const report = await evictCache(
    { db: pool, cache, archive },
    {
      maxBytes: options.maxBytes ?? session.config.cache.maxBytes,
      dryRun: options.dryRun,
      signal: session.signal,
    },
  )
  output.result(report, [
    `${options.dryRun ? 'Would remove' : 'Removed'} ${counted(report.removed.length, 'file')} (${formatBytes(report.freedBytes)}). ` +
      `${formatBytes(report.remainingBytes)} ${options.dryRun ? 'would remain' : 'remain'} in the cache.`,
    ...(report.refused > 0
      ? [
          `${counted(report.refused, 'file')} must stay because the archive does not hold ${report.refused === 1 ? 'it' : 'them'} yet.`,
        ]
      : []),
  ])
  return 0
}

export const adopt: Work<CommonOptions> = async ({ args, options, session, output }) => {
  await assertFolder(args[0]!)
  session.letDecodersRead(args[0]!)
  const [{ pool }, cache, { inspector }] = await Promise.all([
    session.database(),
    session.cache(),
    session.intake(),
  ])
  const progress = output.progress('adopt')
  let seen = 0
  const files = await cacheAdopt({ db: pool, cache, inspector }, args[0]!, {
    dryRun: options.dryRun,
    signal: session.signal,
    onFile: ({ file }) => progress.update(++seen, seen, file),
  }).finally(() => progress.stop())
  const adopted = files.filter(({ outcome }) => outcome === 'adopted')
  const others = files.filter(({ outcome }) => outcome !== 'adopted')
  output.result(files, [
    `${options.dryRun ? 'Would adopt' : 'Adopted'} ${adopted.length} of ${counted(files.length, 'file')}.`,
    ...others.map(
      ({ file, outcome, reason }) => `${outcome}: ${file}${reason === undefined ? '' : `: ${reason}`}`,
    ),
  ])
  return others.length > 0 ? 1 : 0
}

/** A folder that does not exist is wrong use, as with the files of an import. */
async function assertFolder(path: string): Promise<void> {
  await readdir(path).catch((error: unknown) => {
    throw new UsageError(explainFile(error as Error) ?? (error as Error).message)
  })
}
