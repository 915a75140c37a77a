import { InvalidLogError, readLog, type AnalysisLogEvent } from '@mediakeep/analysis-status'
import type { GraphQLResolveInfo } from 'graphql'
import { builder } from '../builder/builder.ts'
import type { Context } from '../context/context.ts'
import { AnalysisStatus } from '../builder/enums.ts'
import { Media } from '../media/media.ts'
import { selectionAt, type Selection } from '../builder/selection.ts'

interface EarlierRow {
  readonly result: unknown
  readonly model: string | null
  readonly finishedAt: string | null
}

interface AnalysisRow {
  readonly sha256: string
  readonly analyser: string
  readonly version: string
  readonly status: typeof AnalysisStatus.$inferType
  readonly attempts: number
  readonly notBefore: Date | null
  readonly leaseExpiresAt: Date | null
  readonly worker: string | null
  readonly error: string | null
  readonly model: string | null
  readonly tokensUsed: number | null
  readonly costUsd: number | null
  readonly durationMs: number | null
  readonly createdAt: Date
  readonly finishedAt: Date | null
  /** Read only on request, because it may be large. */
  readonly result?: unknown
  readonly earlierResults?: readonly EarlierRow[] | null
}

const EarlierAnalysis = builder.objectRef<EarlierRow>('EarlierAnalysis').implement({
  description: 'A result that a later one replaced.',
  fields: (t) => ({
    result: t.field({ type: 'JSON', nullable: true, resolve: ({ result }) => result }),
    model: t.exposeString('model', { nullable: true }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ finishedAt }) => (finishedAt === null ? null : new Date(finishedAt)),
    }),
  }),
})

const Analysis = builder.objectRef<AnalysisRow>('Analysis').implement({
  description: 'The work of one analyser on one content: its state and, once it succeeded, its result.',
  fields: (t) => ({
    analyser: t.exposeString('analyser'),
    version: t.exposeString('version'),
    status: t.field({ type: AnalysisStatus, resolve: ({ status }) => status }),
    attempts: t.exposeInt('attempts'),
    notBefore: t.expose('notBefore', {
      type: 'DateTime',
      nullable: true,
      description: 'The earliest time of the next attempt. Null if it does not wait for one.',
    }),
    leaseExpiresAt: t.expose('leaseExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the lease of the worker that holds it expires. Null while no worker holds it.',
    }),
    worker: t.exposeString('worker', { nullable: true, description: 'The worker that held it last.' }),
    result: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The result of the last attempt that succeeded. It stays while the analysis is repeated.',
      resolve: ({ result }) => result,
    }),
    earlierResults: t.field({
      type: [EarlierAnalysis],
      description: 'Results that later ones replaced, the oldest first. Only the last few are kept.',
      resolve: ({ earlierResults }) => earlierResults ?? [],
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'The error of the last attempt that failed.',
    }),
    model: t.exposeString('model', { nullable: true }),
    tokensUsed: t.expose('tokensUsed', {
      type: 'BigInt',
      nullable: true,
      description: 'The tokens that all attempts used together.',
    }),
    costUsd: t.exposeFloat('costUsd', {
      nullable: true,
      description: 'The cost of all attempts together, in US dollars.',
    }),
    durationMs: t.expose('durationMs', {
      type: 'BigInt',
      nullable: true,
      description: 'The duration of the last attempt that reported one, in milliseconds.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
  }),
})

const AnalysisEvent = builder.objectRef<AnalysisLogEvent>('AnalysisEvent').implement({
  description: 'An entry of `aiAnalysisLog`.',
  fields: (t) => ({
    timestamp: t.field({ type: 'DateTime', resolve: ({ timestamp }) => new Date(timestamp) }),
    event: t.exposeString('event', {
      description: 'The name of the event, for example `ai_analysis_started`.',
    }),
    status: t.field({
      type: AnalysisStatus,
      description: 'The analysis status of the media item after the event.',
      resolve: ({ status }) => status,
    }),
    model: t.exposeString('model', { nullable: true }),
    details: t.field({ type: 'JSON', nullable: true, resolve: ({ details }) => details }),
  }),
})

builder.prismaObjectFields('Media', (t) => ({
  aiAnalysis: t.field({
    type: 'JSON',
    nullable: true,
    description:
      'The results of all analysers by name, once all have succeeded: `{"facts": {…}, "ocr": {…}}`.',
    resolve: ({ aiAnalysis }) => (aiAnalysis === null ? null : parsed(aiAnalysis)),
  }),
  aiAnalysisLog: t.field({
    type: 'JSON',
    nullable: true,
    description:
      'The history of the analysis, the oldest entry first. Entries in an unknown format are left out.',
    resolve: ({ aiAnalysisLog }) => eventsOf(aiAnalysisLog),
  }),
  aiAnalysisEvents: t.field({
    type: [AnalysisEvent],
    description: 'The entries of `aiAnalysisLog`, as typed objects.',
    resolve: ({ aiAnalysisLog }) => eventsOf(aiAnalysisLog),
  }),
}))

builder.objectField(Media, 'analyses', (t) =>
  t.field({
    type: [Analysis],
    description:
      'The analyses of the content, one for each analyser. Media with the same bytes share them. Empty while the content is rejected.',
    resolve: ({ sha256Sum }, _args, context, info) =>
      sha256Sum === null ? [] : analysesOf(sha256Sum, context, info),
  }),
)

/** Older tools wrote plain text instead of JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Older tools also wrote entries in their own format; one of them must not hide the others. */
function eventsOf(log: unknown): AnalysisLogEvent[] {
  try {
    return readLog(log)
  } catch (error) {
    if (!(error instanceof InvalidLogError)) throw error
    return Array.isArray(log) && log.length > 1 ? log.flatMap((entry) => eventsOf([entry])) : []
  }
}

async function analysesOf(
  sha256: string,
  { batches, db }: Context,
  info: GraphQLResolveInfo,
): Promise<AnalysisRow[]> {
  const found = await batches.load(info.fieldNodes, { id: sha256, value: sha256 }, async (contents) => {
    const { rows } = await db.query<AnalysisRow>(statement(selectionAt(info, '')), [
      contents.map(({ id }) => id),
    ])
    return Map.groupBy(rows, (row) => row.sha256)
  })
  return found ?? []
}

function statement(selection: Selection): string {
  return `SELECT a.sha256_sum AS sha256, a.analyser, a.analyser_version AS version, a.analysis_attempts AS attempts,
      CASE WHEN a.state <> 'pending' THEN a.state WHEN a.analysis_lease_token IS NULL THEN 'not_started'
        ELSE 'started' END AS status,
      a.analysis_not_before AS "notBefore", a.analysis_lease_expires_at AS "leaseExpiresAt", a.worker, a.error, a.model,
      a.tokens_used AS "tokensUsed", a.cost_usd AS "costUsd", a.duration_ms AS "durationMs", a.created_at AS "createdAt",
      a.finished_at AS "finishedAt"${selection.has('result') ? ', a.result' : ''}${
        selection.has('earlierResults') ? ', a.earlier_results AS "earlierResults"' : ''
      }
    FROM mediakeep.analyses a WHERE a.sha256_sum = ANY ($1) AND NOT EXISTS (SELECT FROM mediakeep.contents c
      WHERE c.sha256_sum = a.sha256_sum AND c.rejected_at IS NOT NULL)
    ORDER BY a.analyser, a.created_at`
}
