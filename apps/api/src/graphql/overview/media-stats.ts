import type { CacheCount, PipelineStats, PipelineStep } from '@mediakeep/pipeline'
import { builder } from '../builder/builder.ts'
import { NamedCount } from '../builder/named-count.ts'

const PipelineStepName = builder.enumType('PipelineStepName', {
  values: ['found', 'fetched', 'inspected', 'archived', 'analysed'] as const,
})

const PipelineStepType = builder.objectRef<PipelineStep>('PipelineStep').implement({
  description: 'One step of the pipeline, with its counts.',
  fields: (t) => ({
    name: t.expose('name', { type: PipelineStepName }),
    done: t.expose('done', {
      type: 'BigInt',
      description: 'The number of media items that completed this step.',
    }),
    toGo: t.expose('toGo', {
      type: 'BigInt',
      description:
        'The number of media items that still need this step, including those in progress. For steps after `fetched`, only fetched media.',
    }),
    waiting: t.expose('waiting', {
      type: 'BigInt',
      description:
        'The number that wait for this step, including automatic retries. For `inspected` and `archived`, the number of distinct contents.',
    }),
    retrying: t.expose('retrying', {
      type: 'BigInt',
      description: 'The number of waiting items that have failed before.',
    }),
    inHand: t.expose('inHand', { type: 'BigInt', description: 'The number that a process is working on.' }),
    failed: t.expose('failed', {
      type: 'BigInt',
      description:
        'The number of media items that failed at this step. For `archived`, the number of distinct contents.',
    }),
    oldestWaitingAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the item that has waited longest was queued. Null for `analysed`: see `analysisQueues`.',
      resolve: ({ oldestWaitingAt }) => oldestWaitingAt ?? null,
    }),
  }),
})

const CacheContents = builder.objectRef<CacheCount>('CacheContents').implement({
  description: 'The files in the cache of one machine, as that machine last counted them.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'The id of the cache. It stays the same when the machine or its name changes.',
    }),
    host: t.exposeString('host', { nullable: true, description: 'The machine that last used it.' }),
    fileCount: t.expose('files', {
      type: 'BigInt',
      nullable: true,
      description: 'The number of files in the cache at `countedAt`. Null if they were never counted.',
    }),
    bytes: t.expose('bytes', {
      type: 'BigInt',
      nullable: true,
      description: 'The total size of these files, in bytes. Null if they were never counted.',
    }),
    countedAt: t.expose('countedAt', { type: 'DateTime', nullable: true }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      description: 'When a process last used it. Every process reports its cache once a minute.',
    }),
    isAbsent: t.exposeBoolean('isAbsent', {
      description:
        'True if no process has used the cache for so long (a day by default) that its files are downloaded again when needed.',
    }),
  }),
})

const counts = (byName: Readonly<Record<string, number>>): (typeof NamedCount.$inferType)[] =>
  Object.entries(byName).map(([name, count]) => ({ name, count }))

export const MediaStats = builder.objectRef<PipelineStats>('MediaStats').implement({
  description: 'Counts over all stored media. They may be a few moments old. Sizes are in bytes.',
  fields: (t) => ({
    steps: t.field({
      type: [PipelineStepType],
      description: 'The steps from `found` to `analysed`, in that order.',
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
      description: 'The number of media whose bytes were already stored.',
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
      description: 'When the media reference that has waited longest was stored.',
      resolve: (stats) => stats.oldestWaitingAt ?? null,
    }),
  }),
})

builder.queryField('mediaStats', (t) =>
  t.field({ type: MediaStats, scope: 'read', resolve: (_root, _args, { overview }) => overview.stats() }),
)
