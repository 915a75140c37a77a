import { Prisma, type Media as MediaColumns, type PrismaClient } from '@mediakeep/db'
import type { GraphQLResolveInfo } from 'graphql'
import type { Conditions } from '../paging/conditions.ts'
import { textKind, timestampKind } from '../paging/cursor.ts'
import type { Source } from '../paging/read-page.ts'
import type { Order } from '../paging/window.ts'
import { columnsFor, prismaSelect, selectList, type TypeColumns } from './columns.ts'
import { postColumns, type PostRow } from './post-rows.ts'
import { selectionBelow, type Selection } from './selection.ts'

/** A row of post_media: of its columns those that were asked for. SQL gives an int8 as a number, Prisma as a bigint. */
export type MediaRow = Omit<MediaColumns, 'byteSize'> & {
  readonly byteSize: number | bigint | null
  readonly post?: PostRow | undefined
}

const mediaColumns: TypeColumns = {
  columns: new Set(Object.keys(Prisma.MediaScalarFieldEnum)),
  always: ['mediaId', 'postId', 'sha256Sum'],
  madeOf: {
    fileSize: ['byteSize', 'fileSize'],
    url: ['localFilePath'],
    thumbnailUrl: ['mediaType', 'localFilePath'],
  },
}

/** What is read of media for a selection, with their posts in the same statement. */
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

const orderColumns = { CREATED_AT: 'm.created_at', POSTED_AT: 'm.posted_at' }

export function mediaOrder(field: MediaOrderField, direction: 'ASC' | 'DESC'): Order {
  return {
    name: field,
    column: orderColumns[field],
    kind: timestampKind,
    nullable: true,
    key: 'm.media_id',
    keyKind: textKind,
    descending: direction === 'DESC',
  }
}

/** Of media below one parent, which are few: sorted, not read off an index. */
export const childMediaOrder: Order = {
  ...mediaOrder('CREATED_AT', 'ASC'),
  name: 'MEDIA',
  column: `coalesce(m.created_at, timestamptz 'epoch')`,
  nullable: false,
}

/** Media by their ids, in that order; the id of a merged row means its survivor, an unknown one nothing. */
export async function mediaByIds(
  prisma: PrismaClient,
  ids: readonly string[],
  selection: Selection,
  info: GraphQLResolveInfo | undefined,
): Promise<(MediaRow | undefined)[]> {
  const select = {
    ...prismaSelect(columnsFor(mediaColumns, selection)),
    ...(info &&
      selection.has('post') && {
        post: { select: prismaSelect(columnsFor(postColumns, selectionBelow(selection, 'post', info))) },
      }),
  }
  const read = async (wanted: readonly string[]): Promise<Map<string, MediaRow>> => {
    const rows = (await prisma.media.findMany({
      where: { mediaId: { in: [...wanted] } },
      select,
    })) as unknown as MediaRow[]
    return new Map(rows.map((row) => [row.mediaId, row]))
  }
  const found = await read(ids)
  const absent = ids.filter((id) => !found.has(id))
  const survivors = absent.length > 0 ? await survivorsOf(prisma, absent) : new Map<string, string>()
  const survived = survivors.size > 0 ? await read([...survivors.values()]) : new Map<string, MediaRow>()
  return ids.map((id) => found.get(id) ?? survived.get(survivors.get(id) ?? ''))
}

async function survivorsOf(prisma: PrismaClient, ids: string[]): Promise<Map<string, string>> {
  const survivors = new Map(ids.map((id) => [id, id]))
  // A survivor may have been merged in its turn.
  for (let asked = ids, depth = 0; asked.length > 0 && depth < 16; depth++) {
    const merged = await prisma.mergedMedia.findMany({
      where: { mediaId: { in: asked } },
      select: { mediaId: true, survivorId: true },
    })
    const next = new Map(merged.map((row) => [row.mediaId, row.survivorId]))
    for (const [id, at] of survivors) survivors.set(id, next.get(at) ?? at)
    asked = [...next.values()]
  }
  for (const [id, survivor] of survivors) if (id === survivor) survivors.delete(id)
  return survivors
}
