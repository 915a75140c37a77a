import type { FieldNode } from 'graphql'

/** One parent of a list, and the value its children are found by. */
export interface Parent {
  readonly id: string
  readonly value: string
}

/** Loads for all parents at once; those without anything may be missing. */
type Load<Result> = (parents: Parent[]) => Promise<ReadonlyMap<string, Result>>

interface Batch {
  readonly parents: Map<string, Parent>
  readonly loaded: Promise<ReadonlyMap<string, unknown>>
}

/** Collects what resolvers ask for in one turn of the event loop, and loads it together. One per request. */
export class Batches {
  readonly #open = new WeakMap<readonly FieldNode[], Batch>()

  /** @param field the resolver's `info.fieldNodes`: siblings share the array, and with it their arguments */
  async load<Result>(
    field: readonly FieldNode[],
    parent: Parent,
    load: Load<Result>,
  ): Promise<Result | undefined> {
    const batch = this.#open.get(field) ?? this.#begin(field, load)
    batch.parents.set(parent.id, parent)
    return (await batch.loaded).get(parent.id) as Result | undefined
  }

  #begin(field: readonly FieldNode[], load: Load<unknown>): Batch {
    const parents = new Map<string, Parent>()
    const loaded = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#open.delete(field)
      return load([...parents.values()])
    })
    const batch = { parents, loaded }
    this.#open.set(field, batch)
    return batch
  }
}
