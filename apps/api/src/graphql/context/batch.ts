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
  readonly #open = new WeakMap<object, Batch>()

  /**
   * @param question the same for all that may be loaded together: of resolvers their `info.fieldNodes`, as siblings share
   *   the array, and with it their arguments
   */
  async load<Result>(question: object, parent: Parent, load: Load<Result>): Promise<Result | undefined> {
    const batch = this.#open.get(question) ?? this.#begin(question, load)
    batch.parents.set(parent.id, parent)
    return (await batch.loaded).get(parent.id) as Result | undefined
  }

  #begin(question: object, load: Load<unknown>): Batch {
    const parents = new Map<string, Parent>()
    const loaded = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#open.delete(question)
      return load([...parents.values()])
    })
    const batch = { parents, loaded }
    this.#open.set(question, batch)
    return batch
  }
}
