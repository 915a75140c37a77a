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
  description: 'What was done in one hour or on one day. What was done twice counts where it was done last.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime' }),
    fetched: t.expose('fetched', { type: 'BigInt', description: 'Media items whose bytes arrived.' }),
    archived: t.expose('archived', { type: 'BigInt', description: 'Distinct contents uploaded.' }),
    analysed: t.expose('analysed', {
      type: 'BigInt',
      description: 'Media items whose analysis was completed.',
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
      description: 'Of `fetch`: the fate that it led to.',
      resolve: ({ fate }) => fate as typeof Fate.$inferType | null,
    }),
    analyser: t.exposeString('analyser', { nullable: true, description: 'Of `analyse`: `ocr@2`.' }),
    reason: t.exposeString('reason', {
      description:
        'The code that reasons begin with, or the whole of one that has none; empty where none is known.',
    }),
    example: t.exposeString('example', { nullable: true, description: 'One of the reasons, whole.' }),
    count: t.expose('count', { type: 'BigInt', description: 'Media items.' }),
    retrying: t.expose('retrying', {
      type: 'BigInt',
      description: 'Those of them that are tried again by themselves.',
    }),
  }),
})

const ExpiringMediaType = builder.objectRef<ExpiringMedia>('ExpiringMedia').implement({
  description: 'Media that are not fetched yet while the signatures of their URLs run out.',
  fields: (t) => ({
    count: t.expose('count', { type: 'BigInt' }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first of them ends.',
    }),
  }),
})

builder.queryFields((t) => ({
  throughput: t.field({
    type: [ThroughputType],
    scope: 'read',
    description: 'What was done over time, the latest last; units with nothing in them too.',
    args: { unit: t.arg({ type: ThroughputUnit, defaultValue: 'hour' }) },
    resolve: (_root, { unit }, { overview }) => overview.throughput[unit ?? 'hour'](),
  }),
  failureReasons: t.field({
    type: [FailureReasonType],
    scope: 'read',
    description: 'Why media failed, what concerns most of them first.',
    args: {
      limit: t.arg.int({ defaultValue: 20, validate: z.number().int().min(1).max(MOST_REASONS) }),
    },
    resolve: async (_root, { limit }, { overview }) =>
      (await overview.failureReasons()).slice(0, limit ?? 20),
  }),
  expiringMedia: t.field({
    type: ExpiringMediaType,
    scope: 'read',
    description: 'What may be lost: `mediaItems(filter: { expiresWithinHours })` finds them.',
    args: {
      withinHours: t.arg.int({ defaultValue: 24, validate: z.number().int().min(1).max(MOST_HOURS) }),
    },
    resolve: (_root, { withinHours }, { overview }) => overview.expiringMedia(withinHours ?? 24),
  }),
}))
