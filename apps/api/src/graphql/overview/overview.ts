import { MOST_HOURS, type ExpiringMedia, type FailureReason, type Throughput } from '@mediakeep/pipeline'
import { z } from 'zod'
import { builder } from '../builder/builder.ts'
import { Fate, FailureStage } from '../builder/enums.ts'
import { MOST_REASONS } from '../context/overview-reads.ts'

const ThroughputUnit = builder.enumType('ThroughputUnit', {
  values: {
    HOUR: { value: 'hour', description: 'The last 24 hours.' },
    DAY: { value: 'day', description: 'The last 30 days, of UTC.' },
  } as const,
})

const ThroughputType = builder.objectRef<Throughput>('Throughput').implement({
  description: 'The work done in one hour or day. Work that was repeated counts only where it was done last.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime' }),
    fetched: t.expose('fetched', {
      type: 'BigInt',
      description: 'The number of media items that were downloaded.',
    }),
    archived: t.expose('archived', {
      type: 'BigInt',
      description: 'The number of distinct contents that were uploaded to the archive.',
    }),
    analysed: t.expose('analysed', {
      type: 'BigInt',
      description: 'The number of media items whose analysis was completed.',
    }),
  }),
})

const FailureReasonType = builder.objectRef<FailureReason>('FailureReason').implement({
  description: 'Media that failed at one stage for one reason: `mediaItems(filter: { failure })` finds them.',
  fields: (t) => ({
    stage: t.expose('stage', { type: FailureStage }),
    fate: t.field({
      type: Fate,
      nullable: true,
      description: 'For the stage `fetch`: the fate of these media. Null for other stages.',
      resolve: ({ fate }) => fate as typeof Fate.$inferType | null,
    }),
    analyser: t.exposeString('analyser', {
      nullable: true,
      description: 'For the stage `analyse`: the analyser, for example `ocr@2`. Null for other stages.',
    }),
    reason: t.exposeString('reason', {
      description:
        'The code at the start of the reason, or the full text of a reason without a code. Empty if the reason is unknown.',
    }),
    example: t.exposeString('example', {
      nullable: true,
      description: 'The full text of one of the reasons.',
    }),
    count: t.expose('count', { type: 'BigInt', description: 'The number of media items.' }),
    retrying: t.expose('retrying', {
      type: 'BigInt',
      description: 'The number of these media that are tried again automatically.',
    }),
  }),
})

const ExpiringMediaType = builder.objectRef<ExpiringMedia>('ExpiringMedia').implement({
  description: 'Media that are not fetched yet and whose signed URLs expire soon.',
  fields: (t) => ({
    count: t.expose('count', { type: 'BigInt' }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first of these URLs expires.',
    }),
  }),
})

builder.queryFields((t) => ({
  throughput: t.field({
    type: [ThroughputType],
    scope: 'read',
    description: 'The work done over time, the latest interval last. Intervals without work are included.',
    args: { unit: t.arg({ type: ThroughputUnit, defaultValue: 'hour' }) },
    resolve: (_root, { unit }, { overview }) => overview.throughput[unit ?? 'hour'](),
  }),
  failureReasons: t.field({
    type: [FailureReasonType],
    scope: 'read',
    description: 'The reasons why media failed, the most frequent first.',
    args: {
      limit: t.arg.int({ defaultValue: 20, validate: z.number().int().min(1).max(MOST_REASONS) }),
    },
    resolve: async (_root, { limit }, { overview }) =>
      (await overview.failureReasons()).slice(0, limit ?? 20),
  }),
  expiringMedia: t.field({
    type: ExpiringMediaType,
    scope: 'read',
    description:
      'Media that may be lost because their URLs expire soon. `mediaItems(filter: { expiresWithinHours })` lists them.',
    args: {
      withinHours: t.arg.int({ defaultValue: 24, validate: z.number().int().min(1).max(MOST_HOURS) }),
    },
    resolve: (_root, { withinHours }, { overview }) => overview.expiringMedia(withinHours ?? 24),
  }),
}))
