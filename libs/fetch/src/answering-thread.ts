import { Worker } from 'node:worker_threads'
import { FetchError } from '@mediakeep/content'

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** A thread that answers questions in order. It keeps the process alive only while answers are pending. */
export class AnsweringThread<Question, Answer> {
  readonly #worker: Worker
  readonly #pending: Pending<Answer>[] = []
  #failure: FetchError | undefined

  constructor(script: URL, onEnd: () => void) {
    this.#worker = new Worker(script)
    const end = (cause?: unknown): void => {
      onEnd()
      this.#failure ??= threadError(cause)
      for (const { reject } of this.#pending.splice(0)) reject(this.#failure)
    }
    this.#worker.on('message', (answer: Answer) => {
      this.#pending.shift()?.resolve(answer)
      if (this.#pending.length === 0) this.#worker.unref()
    })
    this.#worker.on('error', end).on('exit', () => end())
    this.#worker.unref()
  }

  /** Number of pending answers. */
  get owed(): number {
    return this.#pending.length
  }

  /** @throws FetchError `digest_thread` if the thread has ended */
  ask(question: Question): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure)
    this.#worker.ref()
    this.#worker.postMessage(question)
    return this.next()
  }

  /** The next answer to the last question, for questions with several answers. */
  next(): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }))
  }

  tell(question: Question): void {
    this.#worker.postMessage(question)
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** Our own, possibly temporary fault: the reference remains to be fetched. */
function threadError(cause: unknown): FetchError {
  return new FetchError('failed', 'digest_thread', 'The thread that hashed the file has ended', { cause })
}
