import type { Page } from '../../paging/read-page.ts'
import { childPage, type ChildPage } from '../builder/child-pages.ts'
import { nestColumns } from '../builder/columns.ts'
import { selectionAt } from '../builder/selection.ts'
import { childMediaOrder, mediaSource, type MediaRow } from './media-rows.ts'

/** Reads media below an object. `condition` is SQL over the media alias `m` and `parent.id`, `parent.value`. */
export async function childMedia(child: ChildPage, condition: string): Promise<Page<MediaRow>> {
  const selection = selectionAt(child.info, 'edges.node', 'nodes')
  const source = mediaSource(selection, child.info, () => [condition])
  const page = await childPage<MediaRow>(child, source, childMediaOrder)
  nestColumns(
    page.edges.map((edge) => edge.node),
    'post',
  )
  return page
}
