import { archiveAlarm, type CacheCount, describeAlarm, pipelineStats } from '@mediakeep/pipeline'
import type { CommonOptions, Work } from '../command.ts'
import { counted, formatBytes, table } from '../output.ts'

export const stats: Work<CommonOptions> = async ({ session, output }) => {
  const { pool } = await session.databaseToRead()
  const { media, contents, deduplicated, queues, oldestWaitingAt, caches } = await pipelineStats(pool)
  const alarm = await archiveAlarm(pool)
  const counts = (title: string, by: Readonly<Record<string, number>>): string[][] => [
    [title, ''],
    ...Object.entries(by).map(([name, count]) => [`  ${name}`, String(count)]),
  ]
  output.result({ media, contents, deduplicated, queues, oldestWaitingAt, caches, archiveAlarm: alarm }, [
    ...(alarm === undefined ? [] : [`WARNING, since ${alarm.since}: ${describeAlarm(alarm)}`]),
    ...table([
      ['media', String(media.total)],
      ...counts('by fate', media.byFate),
      ...counts('by analysis', media.byAnalysisStatus),
      ['archived', String(media.archived)],
      ['contents', `${contents.total}, ${formatBytes(contents.bytes)}`],
      ['  archived', `${contents.archived}, ${formatBytes(contents.archivedBytes)}`],
      ['  missing from the archive', String(contents.missing)],
      ['  suspected placeholders', String(contents.placeholdersSuspected)],
      [
        'saved by deduplication',
        `${counted(deduplicated.media, 'file')}, ${formatBytes(deduplicated.bytes)}`,
      ],
      ['waiting for download', `${queues.download.waiting}, plus ${queues.download.retrying} to be retried`],
      ['waiting for upload', `${queues.archive.waiting}, plus ${queues.archive.givenUp} given up`],
      ['oldest waiting', oldestWaitingAt?.toISOString() ?? 'none'],
      ...caches.map((cache) => [`cache on ${cache.host ?? cache.id}`, describeCache(cache)]),
    ]),
  ])
  return 0
}

function describeCache({ files, bytes, countedAt, lastSeenAt, isAbsent }: CacheCount): string {
  const seen = `last seen ${lastSeenAt.toISOString()}`
  if (files === null || bytes === null || countedAt === null) return `not counted yet, ${seen}`
  const count = `${counted(files, 'file')}, ${formatBytes(bytes)}, counted ${countedAt.toISOString()}`
  return isAbsent ? `${count}, ${seen}` : count
}
