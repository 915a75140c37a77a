/** One parent of a list, and the value by which its children are found. */
export interface Parent {
  readonly id: string
  readonly value: string
}

/** Loads the results of all parents at once; parents without a result may be missing. */
type Load<Result> = (parents: Parent[]) => Promise<ReadonlyMap<string, Result>>

interface Batch {
  readonly parents: Map<string, Parent>
  readonly loaded: Promise<ReadonlyMap<string, unknown>>
}

/** Collects the requests of resolvers in one turn of the event loop, and loads them together. One per request. */
export class Batches {
  readonly #open = new WeakMap<object, Batch>()

  /**
   * @param question identifies what may be loaded together: for resolvers their `info.fieldNodes`, because siblings
   *   share that array and therefore their arguments
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
