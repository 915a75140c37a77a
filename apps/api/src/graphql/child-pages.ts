import type { GraphQLResolveInfo } from 'graphql'
import { readPages } from '../paging/read-pages.ts'
import type { Page, Source } from '../paging/read-page.ts'
import type { Order, PageArguments } from '../paging/window.ts'
import type { Parent } from './batch.ts'
import { gather } from './columns.ts'
import { emptyPage, windowOf } from './connection.ts'
import type { Context } from './context.ts'
import { childMediaOrder, mediaSource, type MediaRow } from './media-rows.ts'
import { selectionAt } from './selection.ts'

interface ChildPage {
  readonly parent: Parent
  readonly args: PageArguments
  readonly context: Context
  readonly info: GraphQLResolveInfo
}

/** A connection below an object: one statement for all its siblings. */
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

/** Media below an object. `condition` is SQL over the media's alias `m` and the parent (`parent.id`, `parent.value`). */
export async function childMedia(child: ChildPage, condition: string): Promise<Page<MediaRow>> {
  const selection = selectionAt(child.info, 'edges.node', 'nodes')
  const source = mediaSource(selection, child.info, () => [condition])
  const page = await childPage<MediaRow>(child, source, childMediaOrder)
  gather(
    page.edges.map((edge) => edge.node),
    'post',
  )
  return page
}
