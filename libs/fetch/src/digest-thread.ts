import { parentPort } from 'node:worker_threads'
import { DigestCounter, type Digests } from '@mediakeep/checksum'

/** What is asked of a hashing thread; all but `drop` are answered, in turn. */
export type DigestQuestion =
  | { readonly kind: 'update'; readonly id: number; readonly block: ArrayBuffer; readonly length: number }
  | { readonly kind: 'digests'; readonly id: number }
  | { readonly kind: 'drop'; readonly id: number }

/** The block that was hashed, given back; or the digests. */
export type DigestAnswer = ArrayBuffer | Digests

const counters = new Map<number, DigestCounter>()

parentPort?.on('message', (question: DigestQuestion) => {
  const { kind, id } = question
  if (kind === 'update') {
    const counter = counters.get(id) ?? new DigestCounter()
    counters.set(id, counter)
    counter.update(new Uint8Array(question.block, 0, question.length))
    answer(question.block, [question.block])
    return
  }
  if (kind === 'digests') answer((counters.get(id) ?? new DigestCounter()).digests())
  counters.delete(id)
})

function answer(said: DigestAnswer, transferred: ArrayBuffer[] = []): void {
  parentPort?.postMessage(said, transferred)
}
