import type { GraphQLResolveInfo } from 'graphql'
import { readPages } from '../../paging/read-pages.ts'
import type { Page, Source } from '../../paging/read-page.ts'
import type { Order, PageArguments } from '../../paging/window.ts'
import type { Parent } from '../context/batch.ts'
import { emptyPage, windowOf } from './connection.ts'
import type { Context } from '../context/context.ts'

export interface ChildPage {
  readonly parent: Parent
  readonly args: PageArguments
  readonly context: Context
  readonly info: GraphQLResolveInfo
}

/** Reads a connection below an object, in one statement for all its siblings. */
export async function childPage<Row extends object>(
  { parent, args, context, info }: ChildPage,
  source: Source,
  order: Order,
): Promise<Page<Row>> {
  const window = windowOf(order, args)
  const page = await context.batches.load(info.fieldNodes, parent, (parents) =>
    readPages<Row>(context.db, source, window, parents),
  )
  return page ?? emptyPage
}
