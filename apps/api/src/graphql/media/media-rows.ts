import { Prisma, type Media, type Post } from '@mediakeep/db'
import type { GraphQLResolveInfo } from 'graphql'
import type { Conditions } from '@mediakeep/sql'
import { textKind, timestampKind } from '../../paging/cursor.ts'
import type { Source } from '../../paging/read-page.ts'
import type { Order } from '../../paging/window.ts'
import { columnsFor, selectList, type TypeColumns } from '../builder/columns.ts'
import { postColumns } from '../posts/post-rows.ts'
import { selectionBelow, type Selection } from '../builder/selection.ts'

/** A row as read by our own statements: only the requested columns, with int8 as a number. */
export interface MediaRow extends Media {
  readonly post: Post
}

/** The columns that determine whether the file is here. */
const KEPT = ['fate', 'fetchedAt', 'localFilePath', 'archiveUrl']

const mediaColumns: TypeColumns = {
  columns: new Set(Object.keys(Prisma.MediaScalarFieldEnum)),
  always: ['mediaId', 'postId', 'sha256Sum'],
  madeOf: {
    fileSize: ['byteSize', 'fileSize'],
    aiAnalysisEvents: ['aiAnalysisLog'],
    attestedHash: ['attestedAlgorithm', 'attestedValue', 'attestedMatches'],
    url: KEPT,
    thumbnailUrl: ['mediaType', 'mimeType', ...KEPT],
  },
}

/** Builds the source of media for a selection, with their posts in the same statement. */
export function mediaSource(selection: Selection, info: GraphQLResolveInfo, where: Conditions): Source {
  const columns = selectList('m', columnsFor(mediaColumns, selection))
  if (!selection.has('post')) return { columns, from: 'public.post_media m', where }
  const post = columnsFor(postColumns, selectionBelow(selection, 'post', info))
  return {
    columns: `${columns}, ${selectList('p', post, 'post.')}`,
    from: 'public.post_media m JOIN public.posts p USING (post_id)',
    where,
  }
}

export type MediaOrderField = 'CREATED_AT' | 'POSTED_AT'

export const mediaOrderColumns = { CREATED_AT: 'm.created_at', POSTED_AT: 'm.posted_at' }

export function mediaOrder(field: MediaOrderField, direction: 'ASC' | 'DESC'): Order {
  return {
    name: field,
    column: mediaOrderColumns[field],
    kind: timestampKind,
    nullable: true,
    key: 'm.media_id',
    keyKind: textKind,
    descending: direction === 'DESC',
  }
}

/** Order of the few media below one parent: they are sorted, not read from an index. */
export const childMediaOrder: Order = {
  ...mediaOrder('CREATED_AT', 'ASC'),
  name: 'MEDIA',
  column: `coalesce(m.created_at, timestamptz 'epoch')`,
  nullable: false,
}
