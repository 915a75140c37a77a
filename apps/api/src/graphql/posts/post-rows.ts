import { Prisma } from '@mediakeep/db'
import { postedAtMillis } from '@mediakeep/sql'
import { bigintKind, textKind } from '../../paging/cursor.ts'
import type { Order } from '../../paging/window.ts'
import type { TypeColumns } from '../builder/columns.ts'

export const postColumns: TypeColumns = {
  columns: new Set(Object.keys(Prisma.PostScalarFieldEnum)),
  always: ['postId'],
  // The post's media are read by its id.
  madeOf: { media: [], postedAt: ['postedAtTimestamp', 'platform'], links: ['postLinks'] },
}

export function postOrder(direction: 'ASC' | 'DESC'): Order {
  return {
    name: 'POSTED_AT',
    column: postedAtMillis('p'),
    kind: bigintKind,
    nullable: false,
    key: 'p.post_id',
    keyKind: textKind,
    descending: direction === 'DESC',
  }
}
