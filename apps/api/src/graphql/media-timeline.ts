import { GraphQLError } from 'graphql'
import { parameters } from '../paging/conditions.ts'
import { encodeCursor } from '../paging/cursor.ts'
import { builder } from './builder.ts'
import { MediaFilter, mediaConditions } from './media-filter.ts'
import { MediaOrder } from './media-items.ts'
import { mediaOrder } from './media-rows.ts'

interface Month {
  readonly month: string
  readonly count: number
  readonly startCursor: string
}

const TimelineMonth = builder.objectRef<Month>('TimelineMonth').implement({
  fields: (t) => ({
    month: t.exposeString('month', { description: '`2026-01`, in UTC.' }),
    count: t.exposeInt('count'),
    startCursor: t.exposeString('startCursor', {
      description: '`mediaItems(after:)` in the same order begins with this month.',
    }),
  }),
})

builder.queryField('mediaTimeline', (t) =>
  t.field({
    type: [TimelineMonth],
    scope: 'read',
    description:
      'How many media there are of each month, so that a client can jump. Media without a date are left out.',
    args: { filter: t.arg({ type: MediaFilter }), orderBy: t.arg({ type: MediaOrder }) },
    resolve: async (_root, args, { db }): Promise<Month[]> => {
      if (args.filter?.similarTo)
        throw new GraphQLError('"similarTo" goes with mediaItems.', {
          extensions: { code: 'BAD_USER_INPUT' },
        })
      const order = mediaOrder(args.orderBy?.field ?? 'CREATED_AT', args.orderBy?.direction ?? 'DESC')
      const { values, bind } = parameters()
      const where = [`${order.column} IS NOT NULL`, ...mediaConditions(args.filter ?? {})(bind)]
      const months = await db.query<{ month: Date; count: number }>(
        `SELECT date_trunc('month', ${order.column}, 'UTC') AS month, count(*) AS count
         FROM public.post_media m WHERE ${where.join(' AND ')}
         GROUP BY 1 ORDER BY 1 ${order.descending ? 'DESC' : 'ASC'}`,
        values,
      )
      return months.rows.map(({ month, count }) => ({
        month: month.toISOString().slice(0, 7),
        count,
        startCursor: encodeCursor(order.name, { value: startOf(month, order.descending), key: '' }),
      }))
    },
  }),
)

/** In microseconds: the month's first instant, or going down, the first after it. */
function startOf(month: Date, descending: boolean): string {
  const start = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + (descending ? 1 : 0))
  return (BigInt(start) * 1000n).toString()
}
