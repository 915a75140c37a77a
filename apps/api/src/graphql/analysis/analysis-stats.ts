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
  description:
    'The analyses of one analyser that are not completed. They are counted by content, not by media item.',
  fields: (t) => ({
    analyser: t.exposeString('analyser', {
      description: 'The name and version of the analyser, for example `colours@1`.',
    }),
    waiting: t.expose('waiting', {
      type: 'BigInt',
      description: 'Analyses that wait, including those that are tried again.',
    }),
    started: t.expose('started', { type: 'BigInt', description: 'Analyses that a worker holds.' }),
    failed: t.expose('failed', {
      type: 'BigInt',
      description: 'Analyses that failed permanently. They are not tried again until they are requested.',
    }),
    oldestWaitingAt: t.expose('oldestWaitingAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the analysis that has waited longest was queued.',
    }),
  }),
})

builder.objectFields(MediaStats, (t) => ({
  analysisQueues: t.field({
    type: [AnalysisQueue],
    description: 'The queues of the configured analysers.',
    resolve: (_stats, _args, { db }) => readQueues(db),
  }),
  refusedAnalyses: t.field({
    type: 'BigInt',
    description: 'The number of results and failures that were refused because their lease was lost.',
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
