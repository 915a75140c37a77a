import { Prisma, type Post as PostColumns, type PrismaClient } from '@mediakeep/db'
import { bigintKind, textKind } from '../paging/cursor.ts'
import type { Order } from '../paging/window.ts'
import { columnsFor, prismaSelect, type TypeColumns } from './columns.ts'
import type { Selection } from './selection.ts'

/** A row of posts: of its columns those that were asked for. */
export type PostRow = Omit<PostColumns, 'postedAtTimestamp'> & { readonly postedAtTimestamp: number | bigint }

export const postColumns: TypeColumns = {
  columns: new Set(Object.keys(Prisma.PostScalarFieldEnum)),
  always: ['postId'],
  // The post's media are read by its id.
  madeOf: { media: [], postedAt: ['postedAtTimestamp'] },
}

export async function postsByIds(
  prisma: PrismaClient,
  ids: readonly string[],
  selection: Selection,
): Promise<Map<string, PostRow>> {
  const rows = (await prisma.post.findMany({
    where: { postId: { in: [...ids] } },
    select: prismaSelect(columnsFor(postColumns, selection)),
  })) as unknown as PostRow[]
  return new Map(rows.map((row) => [row.postId, row]))
}

export function postOrder(direction: 'ASC' | 'DESC'): Order {
  return {
    name: 'POSTED_AT',
    column: 'p.posted_at_timestamp',
    kind: bigintKind,
    nullable: false,
    key: 'p.post_id',
    keyKind: textKind,
    descending: direction === 'DESC',
  }
}
