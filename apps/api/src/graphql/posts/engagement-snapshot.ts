import type { GraphQLResolveInfo } from 'graphql'
import { Prisma } from '@mediakeep/db'
import { textKind, timestampKind } from '../../paging/cursor.ts'
import type { Source } from '../../paging/read-page.ts'
import type { Order } from '../../paging/window.ts'
import { builder } from '../builder/builder.ts'
import { columnsFor, selectList, type TypeColumns } from '../builder/columns.ts'
import { selectionAt } from '../builder/selection.ts'

const snapshotColumns: TypeColumns = {
  columns: new Set(Object.keys(Prisma.DataDownloadScalarFieldEnum)),
  always: ['downloadId', 'postId'],
  madeOf: {},
}

export const EngagementSnapshot = builder.prismaNode('DataDownload', {
  name: 'EngagementSnapshot',
  description: 'The engagement counters of a post at the time of an import.',
  id: { field: 'downloadId' },
  nullable: true,
  fields: (t) => ({
    downloadId: t.exposeID('downloadId'),
    postId: t.exposeID('postId'),
    runId: t.exposeID('runId', { nullable: true }),
    downloadedAt: t.expose('downloadedAt', { type: 'DateTime', nullable: true }),
    totalReactions: t.exposeInt('totalReactions', { nullable: true }),
    statsJson: t.exposeString('statsJson', { nullable: true }),
    rawJson: t.exposeString('rawJson', { nullable: true }),
    sourceFilePath: t.exposeString('sourceFilePath', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: true }),
  }),
})

export const snapshotOrder: Order = {
  name: 'SNAPSHOTS',
  column: 'd.downloaded_at',
  kind: timestampKind,
  nullable: false,
  key: 'd.download_id',
  keyKind: textKind,
  descending: true,
}

/** Builds a source of snapshots below an object; `condition` is SQL over the alias `d` and the parent. */
export function snapshotSource(info: GraphQLResolveInfo, condition: string): Source {
  const columns = columnsFor(snapshotColumns, selectionAt(info, 'edges.node', 'nodes'))
  return { columns: selectList('d', columns), from: 'public.data_downloads d', where: () => [condition] }
}
