import {
  DEFAULT_DISTANCE,
  MAX_DISTANCE,
  mediaConditions,
  planSearch,
  similarContents,
  type Near,
} from '@mediakeep/pipeline'
import type { Sql } from '@mediakeep/sql'
import { GraphQLError } from 'graphql'
import type { Source } from '../../paging/read-page.ts'
import type { Order, PageArguments } from '../../paging/window.ts'
import { builder } from '../builder/builder.ts'
import { nestColumns } from '../builder/columns.ts'
import { readConnection, type Connection } from '../builder/connection.ts'
import { OrderDirection } from '../builder/enums.ts'
import { MediaFilter } from './media-filter.ts'
import { mediaOrder, mediaSource, type MediaRow } from './media-rows.ts'
import { Media, MediaConnection, MediaEdge } from './media.ts'
import { selectionAt } from '../builder/selection.ts'
import { nearestOf, similarOrder } from './similar-media.ts'

const MediaOrderField = builder.enumType('MediaOrderField', { values: ['CREATED_AT', 'POSTED_AT'] as const })
export const MediaOrder = builder.inputType('MediaOrder', {
  fields: (t) => ({
    field: t.field({ type: MediaOrderField, defaultValue: 'CREATED_AT' }),
    direction: t.field({ type: OrderDirection, defaultValue: 'DESC' }),
  }),
})

builder.queryField('mediaItems', (t) =>
  t.connection(
    {
      type: Media,
      scope: 'read',
      args: {
        filter: t.arg({ type: MediaFilter }),
        orderBy: t.arg({ type: MediaOrder }),
        skip: t.arg.int({
          description: 'The number of items to leave out at the start, to jump into a month.',
        }),
      },
      resolve: async (_root, args, { db }, info) => {
        const { similarTo, search, text } = args.filter ?? {}
        const words = search ?? text
        const plan =
          typeof words === 'string' ? await planSearch(db, words, typeof search === 'string') : 'index'
        const where = mediaConditions(args.filter ?? {}, plan)
        const selection = selectionAt(info, 'edges.node', 'nodes')
        const source = { ...mediaSource(selection, info, where), isSlow: typeof words === 'string' }
        if (similarTo) {
          const near = await contentsNear(db, similarTo.mediaId, similarTo.maxDistance ?? DEFAULT_DISTANCE)
          return readMedia(db, nearestOf(source, near), similarOrder, args)
        }
        const { field, direction } = args.orderBy ?? {}
        return readMedia(db, source, mediaOrder(field ?? 'CREATED_AT', direction ?? 'DESC'), args)
      },
    },
    MediaConnection,
    MediaEdge,
  ),
)

async function contentsNear(sql: Sql, mediaId: string, maxDistance: number): Promise<Near> {
  if (maxDistance < 0 || maxDistance > MAX_DISTANCE)
    throw new GraphQLError(`"maxDistance" must be between 0 and ${MAX_DISTANCE}.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    })
  return similarContents(sql, mediaId, maxDistance)
}

/** Reads a page of media, with their posts if selected. */
async function readMedia(
  sql: Sql,
  source: Source,
  order: Order,
  args: PageArguments,
): Promise<Connection<MediaRow>> {
  const page = await readConnection<MediaRow>(sql, source, order, args)
  nestColumns(
    page.edges.map((edge) => edge.node),
    'post',
  )
  return page
}
