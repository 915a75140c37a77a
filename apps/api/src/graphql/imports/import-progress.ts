import { endOfLog, formatCursor, type ImportChange } from '@mediakeep/events'
import type { Sql } from '@mediakeep/sql'
import { GraphQLError } from 'graphql'
import { readCursor } from '../../live/cursor-errors.ts'
import { openStream, type LiveChange, type Opening, type Topic } from '../../live/opening.ts'
import { builder } from '../builder/builder.ts'
import { selectRun } from './import-progress.sql.ts'

type ImportEvent = LiveChange & { readonly kind: 'import' }

const counters = [
  'bytesTotal',
  'bytesRead',
  'postsProcessed',
  'postsNew',
  'postsKnown',
  'postsRejected',
  'mediaFound',
  'mediaNew',
  'mediaRefreshed',
] as const

const ImportProgress = builder.objectRef<ImportEvent>('ImportProgress').implement({
  description: 'The progress of an import at one moment.',
  fields: (t) => ({
    cursor: t.string({
      description:
        'The position of the change in the event log. Pass it as `after` to continue a subscription from here.',
      resolve: ({ cursor }) => formatCursor(cursor),
    }),
    runId: t.id({ resolve: ({ change }) => change.runId }),
    status: t.string({
      description: 'The status of the run: `running`, `completed` or `failed`.',
      resolve: ({ change }) => change.status,
    }),
    errorMessage: t.string({ nullable: true, resolve: ({ change }) => change.error }),
    changedAt: t.field({ type: 'DateTime', resolve: ({ changedAt }) => changedAt }),
    ...Object.fromEntries(
      counters.map((name) => [name, t.field({ type: 'BigInt', resolve: ({ change }) => change[name] })]),
    ),
  }),
})

builder.subscriptionField('importProgress', (t) =>
  t.field({
    type: ImportProgress,
    scope: ['read', 'import'],
    description: 'The current progress of an import, then each step. Completes when the import ends.',
    args: {
      runId: t.arg.id({ required: true }),
      after: t.arg.string({ description: 'The cursor of the last progress that was received.' }),
    },
    subscribe: async (_root, { runId, after }, context) =>
      openStream(context, await openRun(context.db, runId, after ?? undefined)),
    resolve: (event) => event as ImportEvent,
  }),
)

async function openRun(db: Sql, runId: string, after: string | undefined): Promise<Opening> {
  // Read the end of the log before the run: a step in between is then sent twice rather than never.
  const end = await endOfLog(db)
  const run = await readRun(db, runId)
  if (!run) throw new GraphQLError(`There is no run ${runId}.`, { extensions: { code: 'BAD_USER_INPUT' } })
  const topic: Topic = {
    needsMediaTypes: false,
    matches: (event) => event.kind === 'import' && event.change.runId === runId,
    isLast: (event) => event.kind === 'import' && isOver(event.change),
  }
  const through = isOver(run) ? end.after : undefined
  if (after !== undefined) return { topic, after: readCursor(after), through }
  const first = { kind: 'import', change: run, changedAt: new Date() } as const
  return { topic, after: end, first, through }
}

function isOver({ status }: ImportChange): boolean {
  return status === 'completed' || status === 'failed'
}

async function readRun(db: Sql, runId: string): Promise<ImportChange | undefined> {
  const { rows } = await selectRun(db, [runId])
  return rows[0]?.run as ImportChange | undefined
}
