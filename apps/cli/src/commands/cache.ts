import { Command, InvalidArgumentError } from 'commander'
import type { Usage } from '@mediakeep/cache'
import { retryInspections } from '@mediakeep/media'
import { cacheAdopt, evictCache, restoreMedia } from '@mediakeep/pipeline'
import { cachedContents } from '../cached-contents.ts'
import { act, type Work } from '../command.ts'
import { type Reported, reportOutcomes } from '../outcomes.ts'
import { formatBytes, table } from '../output.ts'
import { type Selection, selectMedia, withSelection } from '../selection.ts'
import { quarantineCommand } from './quarantine.ts'

interface Common {
  readonly json?: boolean
  readonly dryRun?: boolean
}

/** `mediakeep cache stats|verify|evict|adopt|inspect|quarantine` */
export function cacheCommand(): Command {
  const command = new Command('cache').summary('look after the local files')
  command.addCommand(act<Common>(new Command('stats').summary('count files and bytes'), stats))
  command.addCommand(
    act<Common & Selection>(
      withSelection(
        new Command('verify').summary('read every file again, on all cores, and mend what is damaged'),
      ).option('--dry-run', 'report what is damaged, restore nothing'),
      verify,
    ),
  )
  command.addCommand(
    act<Common & { maxBytes?: number }>(
      new Command('evict')
        .summary('remove what was not used for longest, of what the archive holds, verified')
        .option('--max-bytes <n>', 'keep at most so many bytes (default: CACHE_MAX_BYTES)', parseBytes)
        .option('--dry-run', 'say what would go, remove nothing'),
      evict,
    ),
  )
  command.addCommand(
    act<Common>(
      new Command('adopt')
        .summary('take over an older cache whose files are named by the MD5 of their URL')
        .argument('<dir>')
        .option('--dry-run', 'say what would be taken over, move nothing'),
      adopt,
    ),
  )
  command.addCommand(
    act<Common & Selection>(
      withSelection(
        new Command('inspect').summary('inspect files again whose inspection was given up without a verdict'),
      ).option('--dry-run', 'say which, change nothing'),
      retry,
    ),
  )
  command.addCommand(quarantineCommand())
  return command
}

const PARKED = `EXISTS (SELECT FROM mediakeep.contents c
  WHERE c.sha256_sum = m.sha256_sum AND c.inspect_parked_at IS NOT NULL)`

const retry: Work<Common & Selection> = async ({ options, session, output }) => {
  const { pool } = await session.database()
  const mediaIds: string[] = []
  for await (const ids of selectMedia(pool, options, PARKED)) {
    mediaIds.push(...ids)
    if (!options.dryRun) await retryInspections(pool, ids)
  }
  output.result({ mediaIds }, [
    ...mediaIds,
    `${mediaIds.length} media ${options.dryRun ? 'would be' : 'are to be'} inspected again, by a worker of the machine that has them.`,
  ])
  return 0
}

function parseBytes(text: string): number {
  const bytes = Number(text)
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw new InvalidArgumentError('Expected bytes, such as 1073741824.')
  return bytes
}

const stats: Work<Common> = async ({ session, output }) => {
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

const verify: Work<Common & Selection> = async ({ options, session, output }) => {
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
  const total = Number((await pool.query(`SELECT count(*) AS n FROM mediakeep.contents`)).rows[0]!['n'])
  const results = cache.verifyMany(cachedContents(pool, selection), { dryRun, signal: session.signal })
  for await (const { entry, check } of results) {
    if (check === 'corrupt') damaged.push(entry.mediaId)
    if (check === 'corrupt' && !dryRun) continue
    // A file that is only missing was evicted, or is on another machine.
    const there = check === 'missing' && entry.isArchived ? 'not asked' : 'none'
    outcomes.push({ mediaId: entry.mediaId, cache: check, archive: there })
    progress.update(outcomes.length, total)
  }
  progress.stop()
  if (!dryRun && damaged.length > 0) {
    const deps = { db: pool, cache, archive }
    // The damaged files are in quarantine: what is missing now comes back from the archive.
    outcomes.push(...(await restoreMedia(deps, damaged, { signal: session.signal })))
  }
  return reportOutcomes(output, 'Verified', outcomes)
}

const evict: Work<Common & { maxBytes?: number }> = async ({ options, session, output }) => {
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
    `${options.dryRun ? 'Would remove' : 'Removed'} ${report.removed.length} files, ${formatBytes(report.freedBytes)}; ` +
      `${formatBytes(report.remainingBytes)} stay, ${report.refused} files because the archive does not hold them.`,
  ])
  return 0
}

const adopt: Work<Common> = async ({ args, options, session, output }) => {
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
    `${options.dryRun ? 'Would adopt' : 'Adopted'} ${adopted.length} of ${files.length} files.`,
    ...others.map(
      ({ file, outcome, reason }) => `${outcome}: ${file}${reason === undefined ? '' : `: ${reason}`}`,
    ),
  ])
  return others.length > 0 ? 1 : 0
}
