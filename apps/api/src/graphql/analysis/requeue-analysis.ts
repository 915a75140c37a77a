import { configuredAnalysers, requeueAnalyses, UnknownAnalyserError } from '@mediakeep/analysis'
import { mediaConditions } from '@mediakeep/pipeline'
import { type Sql, parameters } from '@mediakeep/sql'
import { z } from 'zod'
import { builder } from '../builder/builder.ts'
import { MediaNotFoundError } from '../builder/errors.ts'
import { InvalidInputError } from '../builder/invalid-input.ts'
import { MediaFilter } from '../media/media-filter.ts'
import { existing } from '../media/media-mutations.ts'

const MOST_CONTENTS = 100_000
const DEFAULT_CONTENTS = 10_000

const RequeueInput = builder.inputType('RequeueAnalysisInput', {
  description: 'The media to analyse again, by their ids or by a filter.',
  fields: (t) => ({
    mediaIds: t.idList({ validate: z.array(z.string()).min(1).max(1000) }),
    filter: t.field({ type: MediaFilter }),
    analysers: t.stringList({
      description: 'The names of the analysers. The default is all configured ones.',
      validate: z.array(z.string()).min(1).max(20),
    }),
    priority: t.int({
      defaultValue: 0,
      description: 'The priority, 0 to 9. Claims in the order `priority` take the highest first.',
      validate: z.number().int().min(0).max(9),
    }),
    limit: t.int({
      defaultValue: DEFAULT_CONTENTS,
      description: `The maximum number of contents, up to ${MOST_CONTENTS}.`,
      validate: z.number().int().min(1).max(MOST_CONTENTS),
    }),
  }),
})

interface Requeued {
  readonly count: number
  readonly leftOut: number
}

const RequeuePayload = builder.objectRef<Requeued>('RequeueAnalysisPayload').implement({
  fields: (t) => ({
    count: t.exposeInt('count', {
      description: 'The number of analyses that wait now. Analyses in progress are not interrupted.',
    }),
    leftOut: t.exposeInt('leftOut', {
      description: 'Contents that were selected but are beyond `limit`: nothing was queued for them.',
    }),
  }),
})

builder.mutationField('requeueAnalysis', (t) =>
  t.field({
    type: RequeuePayload,
    scope: 'operate',
    description:
      'Queues analyses again. For a failed item, completed analyses are kept; for other items, all are repeated. ' +
      'Results stay until new ones replace them.',
    args: { input: t.arg({ type: RequeueInput, required: true }) },
    errors: { types: [MediaNotFoundError, UnknownAnalyserError, InvalidInputError] },
    resolve: async (_root, { input }, context) => {
      const { mediaIds, filter, analysers, priority } = input
      if (!mediaIds === !filter || filter?.similarTo)
        throw new InvalidInputError([
          { message: 'Give "mediaIds" or a "filter", without "similarTo".', path: ['input'] },
        ])
      if (analysers) await assertConfigured(context.db, analysers)
      const limit = input.limit ?? DEFAULT_CONTENTS
      const selected = mediaIds ? { mediaIds: await existing(context, mediaIds) } : { filter: filter! }
      const { sha256s, leftOut } = await contentsOf(context.db, selected, limit)
      const count = await requeueAnalyses(context.db, {
        sha256s,
        analysers: analysers ?? undefined,
        priority: priority ?? 0,
      })
      return { count, leftOut }
    },
  }),
)

/** @throws UnknownAnalyserError */
async function assertConfigured(sql: Sql, names: readonly string[]): Promise<void> {
  const configured = await configuredAnalysers(sql)
  const unknown = names.find((name) => !configured.some((one) => one.name === name))
  if (unknown === undefined) return
  throw new UnknownAnalyserError(unknown, configured.map(({ name, version }) => `${name}@${version}`)) // prettier-ignore
}

type Selected = { readonly mediaIds: readonly string[] } | { readonly filter: typeof MediaFilter.$inferInput }

/** @returns the first contents by checksum, and how many more there are */
async function contentsOf(
  sql: Sql,
  selected: Selected,
  limit: number,
): Promise<{ sha256s: string[]; leftOut: number }> {
  const { values, bind } = parameters()
  const conditions =
    'mediaIds' in selected
      ? [`m.media_id = ANY (${bind(selected.mediaIds)})`]
      : mediaConditions(selected.filter)(bind)
  const where = ['m.sha256_sum IS NOT NULL', ...conditions].join(' AND ')
  const { rows } = await sql.query<{ sha256: string; total: number }>(
    `SELECT c.sha256_sum AS sha256, (count(*) OVER ())::int AS total
     FROM (SELECT DISTINCT m.sha256_sum FROM public.post_media m WHERE ${where}) c
     ORDER BY 1 LIMIT ${bind(limit)}`,
    values,
  )
  return { sha256s: rows.map(({ sha256 }) => sha256), leftOut: (rows[0]?.total ?? 0) - rows.length }
}
