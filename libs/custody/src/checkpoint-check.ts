import {
  checkpointHash,
  isSignedBy,
  parseCheckpoint,
  type Checkpoint,
  type CheckpointBody,
} from './checkpoint.ts'
import { hex } from './digest.ts'
import { openMerkleBuilder } from './merkle.ts'
import type { LogState, ReportProblem } from './log-state.ts'

/** Compares the checkpoints with the log while it is read. */
export interface CheckpointCheck {
  /** The newest valid checkpoint. */
  readonly last: CheckpointBody | undefined
  readonly checked: number
  /** To be called after each entry. */
  at(number: number): Promise<void>
  /** Checkpoints of entries that the log does not have. */
  end(): Promise<void>
}

export function openCheckpointCheck(
  checkpoints: AsyncIterable<Checkpoint> | Iterable<Checkpoint>,
  log: LogState,
  report: ReportProblem,
): CheckpointCheck {
  const reader = asyncIterator(checkpoints)
  let next: { checkpoint: Checkpoint; body: CheckpointBody } | undefined
  let isOpen = false
  let previous: { count: number; hash: string } | undefined
  const state = { last: undefined as CheckpointBody | undefined, checked: 0 }
  const advance = async (): Promise<void> => {
    for (;;) {
      const read = await reader.next()
      next = undefined
      if (read.done === true) return
      state.checked++
      const body = parseCheckpoint(read.value.body)
      if (body) {
        next = { checkpoint: read.value, body }
        return
      }
      report(log.number, 'a checkpoint is not canonical')
    }
  }
  const start = async (): Promise<void> => {
    if (isOpen) return
    isOpen = true
    await advance()
  }
  return {
    get last() {
      return state.last
    },
    get checked() {
      return state.checked
    },
    async at(number) {
      await start()
      while (next && next.body.count <= number) {
        const { checkpoint, body } = next
        const problem =
          body.count < number ? 'covers no entry of the log' : problemOf(checkpoint, body, log, previous)
        if (problem === undefined) state.last = body
        else report(body.count, `the checkpoint of ${body.count} entries ${problem}`)
        previous = { count: body.count, hash: checkpointHash(checkpoint) }
        log.tree = openMerkleBuilder()
        await advance()
      }
    },
    async end() {
      await start()
      while (next) {
        const { count } = next.body
        report(count, `cut off: a checkpoint covers ${count} entries, and the log has ${log.number}`)
        await advance()
      }
    },
  }
}

function problemOf(
  checkpoint: Checkpoint,
  body: CheckpointBody,
  log: LogState,
  previous: { count: number; hash: string } | undefined,
): string | undefined {
  const key = log.keys.at(-1)
  if (!key) return 'is signed, but the log announces no key'
  if (body.key !== key.fingerprint)
    return `names the key ${body.key}, but the log’s key is ${key.fingerprint}`
  if (!isSignedBy(key, checkpoint)) return 'has a wrong signature'
  if (body.previous !== (previous?.hash ?? null) || body.since !== (previous?.count ?? 0))
    return 'does not follow the checkpoint before it'
  if (body.head !== hex(log.hash)) return 'has another last entry than the log'
  if (log.tree.size !== body.count - body.since || body.root !== hex(log.tree.root()))
    return 'has another Merkle root than the log'
  return undefined
}

function asyncIterator<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncIterator<Item> {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]()
  const iterator = items[Symbol.iterator]()
  return { next: () => Promise.resolve(iterator.next()) }
}
