import type { Batch } from './batches.ts'
import { refusalOf } from './store-safely.ts'

/** Splits a batch into two, to be stored in order; undefined when it cannot be split. */
export function halves(batch: Batch): [Batch, Batch] | undefined {
  if (batch.items.length < 2) return undefined
  const middle = batch.items.length >> 1
  const between = { ...positionOf(batch), post: batch.items[middle]!.index }
  const { fileError, ...rest } = batch
  return [
    { ...rest, to: between, items: batch.items.slice(0, middle) },
    {
      ...rest,
      from: between,
      items: batch.items.slice(middle),
      ...(fileError !== undefined && { fileError }),
    },
  ]
}

/** The position of the batch's posts. It may begin before them, at a member that holds none. */
function positionOf({ from, items, member }: Batch): Batch['from'] {
  return { file: from.file, member, post: items[0]!.index }
}

/** Returns the batch with its one post rejected. @throws the error when there is none to reject */
export function refused(batch: Batch, error: unknown): Batch {
  const [item] = batch.items
  if (!item || !('post' in item)) throw error
  return { ...batch, items: [{ index: item.index, rejection: refusalOf(error, item.post.rawJson) }] }
}
