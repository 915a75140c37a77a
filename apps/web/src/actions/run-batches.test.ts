import type { MediakeepClient } from '@mediakeep/client'
import { expect, test } from 'vitest'
import type { MediaAction } from './actions.ts'
import { outcomeOf } from './outcome.ts'
import { runBatches } from './run-batches.ts'

const client = {} as MediakeepClient
const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `med-${n}`)

function counting(
  batch: number,
  absent: readonly string[] = [],
): MediaAction & { readonly asked: string[][] } {
  const asked: string[][] = []
  return {
    present: 'Counting',
    batch,
    asked,
    run(_client, mediaIds) {
      asked.push(mediaIds)
      const gone = mediaIds.filter((id) => absent.includes(id))
      return Promise.resolve(
        gone.length > 0
          ? { __typename: 'MediaNotFoundError', message: 'There is none', mediaIds: gone }
          : outcomeOf(mediaIds.map((mediaId) => ({ mediaId, done: 'counted' }))),
      )
    },
  }
}

test('goes on in batches and tells how far it is', async () => {
  const action = counting(40)
  const progress: number[] = []
  const outcome = await runBatches(client, action, ids(100), {
    onProgress: (done) => progress.push(done),
    signal: new AbortController().signal,
  })
  expect(action.asked.map(({ length }) => length)).toEqual([40, 40, 20])
  expect(progress).toEqual([40, 80, 100])
  expect([...outcome.done]).toEqual([['counted', 100]])
})

test('items that are gone do not keep the others from it', async () => {
  const outcome = await runBatches(client, counting(10, ['med-3']), ids(10), {
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
  expect([...outcome.done]).toEqual([['counted', 9]])
  expect(outcome.failures).toEqual([{ mediaId: 'med-3', reason: 'It is not there any more.' }])
})

test('stops between batches', async () => {
  const stop = new AbortController()
  const action = counting(10)
  await runBatches(client, action, ids(50), { onProgress: () => stop.abort(), signal: stop.signal })
  expect(action.asked).toHaveLength(1)
})
