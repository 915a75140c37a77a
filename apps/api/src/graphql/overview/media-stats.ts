import type { CacheCount, PipelineStats, PipelineStep } from '@mediakeep/pipeline'
import { builder } from '../builder/builder.ts'
import { NamedCount } from '../builder/named-count.ts'

const PipelineStepName = builder.enumType('PipelineStepName', {
  values: ['found', 'fetched', 'inspected', 'archived', 'analysed'] as const,
})

const PipelineStepType = builder.objectRef<PipelineStep>('PipelineStep').implement({
  description: 'One step on the way of media.',
  fields: (t) => ({
    name: t.expose('name', { type: PipelineStepName }),
    done: t.expose('done', { type: 'BigInt', description: 'Media items that have come so far.' }),
    toGo: t.expose('toGo', {
      type: 'BigInt',
      description:
        'Media items that have it before them, whether or not somebody works on them; those of later steps are fetched.',
    }),
    waiting: t.expose('waiting', {
      type: 'BigInt',
      description:
        'For this step; those that are retried by themselves too. Of `inspected` and `archived`, distinct contents.',
    }),
    retrying: t.expose('retrying', {
      type: 'BigInt',
      description: 'Of those waiting: they have failed before.',
    }),
    inHand: t.expose('inHand', { type: 'BigInt', description: 'Somebody works on them.' }),
    failed: t.expose('failed', {
      type: 'BigInt',
      description: 'Ended without success. Of `archived`, distinct contents.',
    }),
    oldestWaitingAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when the one waits that waits longest. Of `analysed`, see `analysisQueues`.',
      resolve: ({ oldestWaitingAt }) => oldestWaitingAt ?? null,
    }),
  }),
})

const CacheContents = builder.objectRef<CacheCount>('CacheContents').implement({
  description: 'The files in the cache of one machine, as that machine last counted them.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Stays with the cache folder when the machine or its name changes.',
    }),
    host: t.exposeString('host', { nullable: true, description: 'The machine that last used it.' }),
    fileCount: t.expose('files', {
      type: 'BigInt',
      nullable: true,
      description: 'How many files it held at `countedAt`; null if it was never counted.',
    }),
    bytes: t.expose('bytes', {
      type: 'BigInt',
      nullable: true,
      description: 'How large these files were together; null if they were never counted.',
    }),
    countedAt: t.expose('countedAt', { type: 'DateTime', nullable: true }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'When a process last used it. Every process reports its cache once a minute.',
    }),
    isAbsent: t.exposeBoolean('isAbsent', {
      description:
        'Not seen for so long (a day by default) that its files are fetched again where that is needed.',
    }),
  }),
})

const counts = (byName: Readonly<Record<string, number>>): (typeof NamedCount.$inferType)[] =>
  Object.entries(byName).map(([name, count]) => ({ name, count }))

export const MediaStats = builder.objectRef<PipelineStats>('MediaStats').implement({
  description: 'Counts over everything that is kept, some moments old. Sizes in bytes.',
  fields: (t) => ({
    steps: t.field({
      type: [PipelineStepType],
      description: 'From found to analysed, in that order.',
      resolve: (stats) => stats.steps,
    }),
    mediaCount: t.field({ type: 'BigInt', resolve: (stats) => stats.media.total }),
    mediaByFate: t.field({ type: [NamedCount], resolve: (stats) => counts(stats.media.byFate) }),
    mediaByAnalysisStatus: t.field({
      type: [NamedCount],
      resolve: (stats) => counts(stats.media.byAnalysisStatus),
    }),
    archivedMediaCount: t.field({ type: 'BigInt', resolve: (stats) => stats.media.archived }),
    contentCount: t.field({ type: 'BigInt', resolve: (stats) => stats.contents.total }),
    contentBytes: t.field({ type: 'BigInt', resolve: (stats) => stats.contents.bytes }),
    archivedContentCount: t.field({ type: 'BigInt', resolve: (stats) => stats.contents.archived }),
    archivedContentBytes: t.field({ type: 'BigInt', resolve: (stats) => stats.contents.archivedBytes }),
    suspectedPlaceholderCount: t.field({
      type: 'BigInt',
      resolve: (stats) => stats.contents.placeholdersSuspected,
    }),
    deduplicatedMediaCount: t.field({
      type: 'BigInt',
      description: 'Media whose bytes were there already.',
      resolve: (stats) => stats.deduplicated.media,
    }),
    deduplicatedBytes: t.field({ type: 'BigInt', resolve: (stats) => stats.deduplicated.bytes }),
    caches: t.field({
      type: [CacheContents],
      description: 'The caches of all machines, the most recently seen first, at most 100.',
      resolve: (stats) => stats.caches,
    }),
    waitingDownloads: t.field({ type: 'BigInt', resolve: (stats) => stats.queues.download.waiting }),
    retryingDownloads: t.field({ type: 'BigInt', resolve: (stats) => stats.queues.download.retrying }),
    waitingUploads: t.field({ type: 'BigInt', resolve: (stats) => stats.queues.archive.waiting }),
    failedUploads: t.field({ type: 'BigInt', resolve: (stats) => stats.queues.archive.givenUp }),
    oldestWaitingAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the reference that waits longest was found.',
      resolve: (stats) => stats.oldestWaitingAt ?? null,
    }),
  }),
})

builder.queryField('mediaStats', (t) =>
  t.field({ type: MediaStats, scope: 'read', resolve: (_root, _args, { overview }) => overview.stats() }),
)
