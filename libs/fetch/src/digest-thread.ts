import { parentPort } from 'node:worker_threads'
import { DigestCounter, type Digests } from '@mediakeep/checksum'

/** Messages to a hashing thread; all but `drop` are answered, in order. */
export type DigestQuestion =
  | {
      readonly kind: 'update'
      readonly id: number
      readonly block: SharedArrayBuffer
      readonly length: number
    }
  | { readonly kind: 'digests'; readonly id: number }
  | { readonly kind: 'drop'; readonly id: number }

/** The digests, or undefined after an update, once its block is hashed. */
export type DigestAnswer = Digests | undefined

const counters = new Map<number, DigestCounter>()

parentPort?.on('message', (question: DigestQuestion) => {
  const { kind, id } = question
  if (kind === 'update') {
    const counter = counters.get(id) ?? new DigestCounter()
    counters.set(id, counter)
    counter.update(new Uint8Array(question.block, 0, question.length))
    answer(undefined)
    return
  }
  if (kind === 'digests') answer((counters.get(id) ?? new DigestCounter()).digests())
  counters.delete(id)
})

function answer(said: DigestAnswer): void {
  parentPort?.postMessage(said)
}
