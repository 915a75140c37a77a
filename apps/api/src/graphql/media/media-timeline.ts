import { type Conditions, type Sql, parameters } from '@mediakeep/sql'
import { mediaConditions, type MediaConditions } from '@mediakeep/pipeline'
import { GraphQLError } from 'graphql'
import { encodeCursor } from '../../paging/cursor.ts'
import type { Order } from '../../paging/window.ts'
import { builder } from '../builder/builder.ts'
import { MediaFilter } from './media-filter.ts'
import { MediaOrder } from './media-items.ts'
import { mediaOrder, mediaOrderColumns } from './media-rows.ts'

interface Month {
  readonly month: string
  readonly count: number
  readonly startCursor: string
}

const TimelineMonth = builder.objectRef<Month>('TimelineMonth').implement({
  fields: (t) => ({
    month: t.exposeString('month', { description: 'The month in UTC, for example `2026-01`.' }),
    count: t.exposeInt('count'),
    startCursor: t.exposeString('startCursor', {
      description:
        'The cursor at which this month starts: pass it to `mediaItems(after:)` with the same order.',
    }),
  }),
})

builder.queryField('mediaTimeline', (t) =>
  t.field({
    type: [TimelineMonth],
    scope: 'read',
    description:
      'The number of media in each month, so that a client can jump to a month. Media without a date are left out.',
    args: { filter: t.arg({ type: MediaFilter }), orderBy: t.arg({ type: MediaOrder }) },
    resolve: async (_root, args, { db }): Promise<Month[]> => {
      if (args.filter?.similarTo)
        throw new GraphQLError('"similarTo" goes with mediaItems.', {
          extensions: { code: 'BAD_USER_INPUT' },
        })
      const order = mediaOrder(args.orderBy?.field ?? 'CREATED_AT', args.orderBy?.direction ?? 'DESC')
      const conditions = mediaConditions(args.filter ?? {})
      const months = isIndexed(args.filter ?? {}, order)
        ? await walkMonths(db, order, conditions)
        : await groupMonths(db, order, conditions)
      return months.map(({ month, count }) => ({
        month: month.toISOString().slice(0, 7),
        count,
        startCursor: encodeCursor(order.name, { value: startOf(month, order.descending), key: '' }),
      }))
    },
  }),
)

/** True when an index of the order has these media alone: all of them, or, by the time of their posts, content. */
function isIndexed(filter: MediaConditions, { column }: Order): boolean {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined && value !== null)
  return given.every(
    ([name, value]) => name === 'role' && value === 'content' && column === mediaOrderColumns.POSTED_AT,
  )
}

type Counted = readonly { readonly month: Date; readonly count: number }[]

async function groupMonths(
  sql: Sql,
  { column, descending }: Order,
  conditions: Conditions,
): Promise<Counted> {
  const { values, bind } = parameters()
  const where = [`${column} IS NOT NULL`, ...conditions(bind)]
  const { rows } = await sql.query<Counted[number]>(
    `SELECT date_trunc('month', ${column}, 'UTC') AS month, count(*) AS count
     FROM public.post_media m WHERE ${where.join(' AND ')}
     GROUP BY 1 ORDER BY 1 ${descending ? 'DESC' : 'ASC'}`,
    values,
  )
  return rows
}

/**
 * Counts the media of an index by month. Goes from month to month along the index and counts each in the index alone:
 * for a million rows, several times faster than computing the month of each.
 */
async function walkMonths(sql: Sql, { column, descending }: Order, conditions: Conditions): Promise<Counted> {
  const { values, bind } = parameters()
  const end = `(months.month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'`
  const indexed = ['true', ...conditions(bind)].join(' AND ')
  const first = `SELECT date_trunc('month', min(${column}), 'UTC') FROM public.post_media m WHERE ${indexed}`
  const { rows } = await sql.query<Counted[number]>(
    `WITH RECURSIVE months (month) AS (
       (${first})
       UNION ALL
       SELECT (${first} AND ${column} >= ${end}) FROM months WHERE isfinite(months.month))
     SELECT month, (SELECT count(*) FROM public.post_media m
       WHERE ${indexed} AND ${column} >= months.month AND ${column} < ${end}) AS count
     FROM months WHERE isfinite(month) ORDER BY 1 ${descending ? 'DESC' : 'ASC'}`,
    values,
  )
  return rows
}

/** Returns microseconds: the month's first instant or, when descending, the first after it. */
function startOf(month: Date, descending: boolean): string {
  const start = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + (descending ? 1 : 0))
  return (BigInt(start) * 1000n).toString()
}
