/** Maximum time that work waits for its turn, in milliseconds. */
const MAX_WAIT_MS = 10_000

/** Too much work of other operations was under way. */
class NoTurnError extends Error {
  override readonly name = 'NoTurnError'
  readonly code = 'no_turn'

  constructor() {
    super(`No database connection was free for ${MAX_WAIT_MS / 1000} seconds`)
  }
}

/** Runs work of one operation when it is its turn. @throws NoTurnError after ten seconds without a turn */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>

interface Limits {
  /** Maximum number of running works. */
  readonly atOnce: number
  /** Maximum number of running works of one operation. */
  readonly each: number
}

interface Operation {
  running: number
  readonly waiting: Set<() => void>
}

/** Gives the next turn to the operation that has the fewest running works, and of those to the one served longest ago. */
export class FairTurns {
  readonly #limits: Limits
  #running = 0
  /** Operations that wait. The one that was served last is at the end. */
  readonly #queue = new Set<Operation>()

  constructor(limits: Limits) {
    this.#limits = limits
  }

  forOperation(): InTurn {
    const operation: Operation = { running: 0, waiting: new Set() }
    return (work) => this.#run(operation, work)
  }

  async #run<Result>(operation: Operation, work: () => Promise<Result>): Promise<Result> {
    if (this.#mayRun(operation)) this.#start(operation)
    else await this.#turn(operation)
    try {
      return await work()
    } finally {
      this.#running--
      operation.running--
      this.#serveNext()
    }
  }

  #mayRun({ running }: Operation): boolean {
    return this.#running < this.#limits.atOnce && running < this.#limits.each
  }

  #start(operation: Operation): void {
    this.#running++
    operation.running++
  }

  #turn(operation: Operation): Promise<void> {
    return new Promise((resolve, reject) => {
      const serve = (): void => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        operation.waiting.delete(serve)
        if (operation.waiting.size === 0) this.#queue.delete(operation)
        reject(new NoTurnError())
      }, MAX_WAIT_MS)
      operation.waiting.add(serve)
      this.#queue.add(operation)
    })
  }

  #serveNext(): void {
    let next: Operation | undefined
    for (const operation of this.#queue)
      if (this.#mayRun(operation) && (next === undefined || operation.running < next.running))
        next = operation
    if (!next) return
    const [serve] = next.waiting
    next.waiting.delete(serve!)
    this.#queue.delete(next)
    if (next.waiting.size > 0) this.#queue.add(next)
    this.#start(next)
    serve!()
  }
}
