import type { Sql } from '@mediakeep/sql'
import { builder } from '../builder/builder.ts'
import { MediaStats } from '../overview/media-stats.ts'

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

// Each count uses the partial index on the rows it counts.
async function readQueues(sql: Sql): Promise<AnalyserQueue[]> {
  const { rows } = await sql.query<AnalyserQueue>(
    `SELECT g.name || '@' || g.version AS analyser, new.count + due.count AS waiting, held.count AS started,
       failed.count AS failed, least(new.oldest, due.oldest) AS "oldestWaitingAt"
     FROM mediakeep.analysers g
     CROSS JOIN LATERAL (
       SELECT count(*), (
         SELECT q.created_at FROM mediakeep.analyses q
         WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
           AND q.analysis_lease_token IS NULL AND q.analysis_not_before IS NULL ORDER BY q.place LIMIT 1) AS oldest
       FROM mediakeep.analyses q
       WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
         AND q.analysis_lease_token IS NULL AND q.analysis_not_before IS NULL) new
     CROSS JOIN LATERAL (
       SELECT count(*), min(q.created_at) AS oldest FROM mediakeep.analyses q
       WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
         AND q.analysis_lease_token IS NULL AND q.analysis_not_before IS NOT NULL) due
     CROSS JOIN LATERAL (
       SELECT count(*) FROM mediakeep.analyses q
       WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'pending'
         AND q.analysis_lease_token IS NOT NULL) held
     CROSS JOIN LATERAL (
       SELECT count(*) FROM mediakeep.analyses q
       WHERE q.analyser = g.name AND q.analyser_version = g.version AND q.state = 'failed') failed
     ORDER BY 1`,
  )
  return rows
}

async function readRefused(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ value: number }>(
    `SELECT value FROM mediakeep.counters WHERE name = 'analysis_refused'`,
  )
  return rows[0]?.value ?? 0
}
