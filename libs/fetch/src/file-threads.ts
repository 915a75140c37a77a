import { extname } from 'node:path'
import type { Digests } from '@mediakeep/checksum'
import { AnsweringThread } from './answering-thread.ts'
import type { Block } from './blocks.ts'
import type { Closed, FileFault, FileQuestion, Written } from './file-thread.ts'

/** A small file on its way to the disk. */
export interface FileWriting {
  /** What was hashed. @throws the system's error, FetchError `digest_thread` */
  readonly written: Promise<Digests>
  /** When it is closed, and synced where that was asked for. @throws as `written` */
  readonly closed: Promise<void>
}

const SCRIPT = new URL(`./file-thread${extname(import.meta.url)}`, import.meta.url)
/** Each waits for the disk most of its time; syncs at the same time cost the disk little more than one. */
const MAX_THREADS = 8

type FileThread = AnsweringThread<FileQuestion, Written | Closed>

/**
 * Threads that hash, write and sync small files: one message there and two back, where every step by itself would
 * wake another thread. One is started when there is a file and all others are busy.
 */
export class FileThreads {
  readonly #threads = new Set<FileThread>()

  /** The thread reads the block until it is written. */
  write(path: string, block: Block, length: number, sync: boolean): FileWriting {
    const thread = this.#choose()
    const first = thread.ask({ path, block: block.buffer, length, sync }) as Promise<Written>
    const second = thread.next() as Promise<Closed>
    const closed = second.then(({ fault }) => raise(fault))
    closed.catch(() => undefined) // Whoever waits for it is told.
    return { written: first.then(digestsOf), closed }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  #choose(): FileThread {
    const [idlest] = [...this.#threads].sort((a, b) => a.owed - b.owed)
    if (idlest && (idlest.owed === 0 || this.#threads.size === MAX_THREADS)) return idlest
    const started: FileThread = new AnsweringThread(SCRIPT, () => this.#threads.delete(started))
    this.#threads.add(started)
    return started
  }
}

function digestsOf({ digests, fault }: Written): Digests {
  raise(fault)
  return digests
}

function raise(fault: FileFault | undefined): void {
  if (fault) throw Object.assign(new Error(fault.message), { code: fault.code, syscall: fault.syscall })
}
