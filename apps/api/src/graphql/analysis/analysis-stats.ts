import type { Sql } from '@mediakeep/sql'
import { builder } from '../builder/builder.ts'
import { MediaStats } from '../overview/media-stats.ts'
import { selectQueues, selectRefused } from './analysis-stats.sql.ts'

interface AnalyserQueue {
  readonly analyser: string
  readonly waiting: number
  readonly started: number
  readonly failed: number
  readonly oldestWaitingAt: Date | null
}

const AnalysisQueue = builder.objectRef<AnalyserQueue>('AnalysisQueue').implement({
  description: 'The analyses of one analyser that are not done. Contents, not media items, are counted.',
  fields: (t) => ({
    analyser: t.exposeString('analyser', { description: '`colours@1`' }),
    waiting: t.expose('waiting', {
      type: 'BigInt',
      description: 'Those that are to be tried again included.',
    }),
    started: t.expose('started', { type: 'BigInt', description: 'Somebody holds a lease on them.' }),
    failed: t.expose('failed', { type: 'BigInt', description: 'For good, until they are asked for again.' }),
    oldestWaitingAt: t.expose('oldestWaitingAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the one that waits longest was planned.',
    }),
  }),
})

builder.objectFields(MediaStats, (t) => ({
  analysisQueues: t.field({
    type: [AnalysisQueue],
    description: 'By configured analyser.',
    resolve: (_stats, _args, { db }) => readQueues(db),
  }),
  refusedAnalyses: t.field({
    type: 'BigInt',
    description: 'Results and failures that came after their lease was lost; nothing was written of them.',
    resolve: (_stats, _args, { db }) => readRefused(db),
  }),
}))

async function readQueues(sql: Sql): Promise<AnalyserQueue[]> {
  const { rows } = await selectQueues(sql)
  return rows
}

async function readRefused(sql: Sql): Promise<number> {
  const { rows } = await selectRefused(sql)
  return rows[0]?.value ?? 0
}
