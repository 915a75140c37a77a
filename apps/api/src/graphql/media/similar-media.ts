import type { Near } from '@mediakeep/pipeline'
import { bigintKind, textKind } from '../../paging/cursor.ts'
import { fromOf, type Source } from '../../paging/read-page.ts'
import type { Order } from '../../paging/window.ts'

/** Nearest first. */
export const similarOrder: Order = {
  name: 'DISTANCE',
  column: 's.distance',
  kind: bigintKind,
  nullable: false,
  key: 'm.media_id',
  keyKind: textKind,
  descending: false,
}

/** Narrows a source of media to near contents, which it joins as `s`. */
export function nearestOf(source: Source, near: Near): Source {
  return {
    ...source,
    from: (bind) => {
      const contents = bind(near.map(({ sha256 }) => sha256))
      const distances = bind(near.map(({ distance }) => distance))
      return `unnest(${contents}::text[], ${distances}::bigint[]) s (sha256_sum, distance)
        JOIN ${fromOf(source, bind)} ON s.sha256_sum = m.sha256_sum`
    },
  }
}
