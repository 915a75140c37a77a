import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import type { Digests } from '@mediakeep/checksum'
import { AnsweringThread } from './answering-thread.ts'
import type { Block } from './blocks.ts'
import type { DigestAnswer, DigestQuestion } from './digest-thread.ts'

/** Computes both digests of a file in another thread. */
export interface ThreadDigest {
  /** Resolves once the block is hashed; the thread reads it until then. @throws FetchError `digest_thread` */
  update(block: Block, length: number): Promise<void>
  /** Finishes the digests. @throws FetchError `digest_thread` */
  digests(): Promise<Digests>
  /** Stops without a result. */
  drop(): void
}

const SCRIPT = new URL(`./digest-thread${extname(import.meta.url)}`, import.meta.url)
/** Together they hash 2 GB/s, more than any network connection here delivers. */
const MAX_THREADS = 4

/** Threads that hash large files; the first such file starts the first thread. */
export class DigestThreads {
  readonly #threads = new Set<DigestThread>()
  readonly #size = Math.min(availableParallelism(), MAX_THREADS)
  #files = 0

  /** Starts hashing a file; all of it goes to the same thread. */
  begin(): ThreadDigest {
    const thread = this.#choose()
    thread.files++
    return new FileDigest(thread, this.#files++)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  #choose(): DigestThread {
    const [idlest] = [...this.#threads].sort((a, b) => a.files - b.files)
    if (idlest && (idlest.files === 0 || this.#threads.size === this.#size)) return idlest
    const started = new DigestThread(SCRIPT, () => this.#threads.delete(started))
    this.#threads.add(started)
    return started
  }
}

class FileDigest implements ThreadDigest {
  readonly #thread: DigestThread
  readonly #id: number
  #isOver = false

  constructor(thread: DigestThread, id: number) {
    this.#thread = thread
    this.#id = id
  }

  async update({ buffer }: Block, length: number): Promise<void> {
    if (!this.#isOver) await this.#thread.ask({ kind: 'update', id: this.#id, block: buffer, length })
  }

  async digests(): Promise<Digests> {
    this.#end()
    return (await this.#thread.ask({ kind: 'digests', id: this.#id })) as Digests
  }

  drop(): void {
    this.#end()
    this.#thread.tell({ kind: 'drop', id: this.#id })
  }

  #end(): void {
    this.#isOver = true
    this.#thread.files--
  }
}

class DigestThread extends AnsweringThread<DigestQuestion, DigestAnswer> {
  /** Number of files being hashed. */
  files = 0
}
