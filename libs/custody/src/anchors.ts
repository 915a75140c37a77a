import { parseCheckpoint, isSignedBy, type Checkpoint, type CheckpointBody } from './checkpoint.ts'
import { hex } from './digest.ts'
import type { LogState, ReportProblem } from './log-state.ts'

/**
 * Values that somebody saved outside the installation. A person who controls the installation can write a new,
 * consistent log; only a comparison with something out of their reach shows that.
 */
export interface Anchors {
  /** Fingerprint of a key of the installation. */
  readonly key?: string | undefined
  readonly checkpoints?: readonly Checkpoint[] | undefined
}

/** Proved entries, by kind of anchor: those up to the number; 0 if no anchor was given or it does not hold. */
export interface Anchored {
  /** They are what they were when the checkpoint was saved. */
  readonly byCheckpoint: number
  /** They are signed with the key or with one that it led to. */
  readonly byKey: number
}

export const NOT_ANCHORED: Anchored = { byCheckpoint: 0, byKey: 0 }

export interface AnchorCheck {
  /** To be called after each entry. */
  at(number: number): void
  /** @param last the newest valid checkpoint of the log */
  end(last: CheckpointBody | undefined): void
  through(last: CheckpointBody | undefined): Anchored
}

export function checkAnchors(
  { key, checkpoints = [] }: Anchors,
  log: LogState,
  report: ReportProblem,
): AnchorCheck {
  const saved = new Map<number, { checkpoint: Checkpoint; body: CheckpointBody }>()
  for (const checkpoint of checkpoints) {
    const body = parseCheckpoint(checkpoint.body)
    if (body) saved.set(body.count, { checkpoint, body })
    else report(0, 'the saved checkpoint is not a canonical checkpoint')
  }
  let proved = 0
  return {
    at(number) {
      const found = saved.get(number)
      if (!found) return
      saved.delete(number)
      const { checkpoint, body } = found
      const signer = log.keys.find(({ fingerprint }) => fingerprint === body.key)
      if (body.head !== hex(log.hash))
        report(number, `rewritten: the saved checkpoint has another entry ${number} than the log`)
      else if (!signer || !isSignedBy(signer, checkpoint))
        report(number, 'the saved checkpoint is not signed by a key of the log')
      else proved = number
    },
    end(last) {
      for (const count of saved.keys())
        report(count, `cut off: the saved checkpoint covers ${count} entries, and the log has ${log.number}`)
      if (key === undefined) return
      if (!log.announced.has(key)) report(0, `signed anew: the log does not know the key ${key}`)
      else if (keyProves(log, key, last) === 0)
        report(0, `no checkpoint is signed by the key ${key} or one that follows it`)
    },
    through: (last) => ({
      byCheckpoint: proved,
      byKey: key === undefined ? 0 : keyProves(log, key, last),
    }),
  }
}

/** The last checkpoint counts if the key signed it, or a key that the given one led to. */
function keyProves({ announced }: LogState, key: string, last: CheckpointBody | undefined): number {
  const [from, signer] = [announced.get(key), last && announced.get(last.key)]
  return last && from !== undefined && signer !== undefined && signer >= from ? last.count : 0
}
