import { extname } from 'node:path'
import type { Digests } from '@mediakeep/checksum'
import { AnsweringThread } from './answering-thread.ts'
import type { Block } from './blocks.ts'
import type { Closed, FileFault, FileQuestion, Written } from './file-thread.ts'

/** A small file that is being written. */
export interface FileWriting {
  /** Resolves to the digests once the file is written. @throws the system's error, FetchError `digest_thread` */
  readonly written: Promise<Digests>
  /** Resolves once the file is closed, and synced if requested. @throws as `written` */
  readonly closed: Promise<void>
}

const SCRIPT = new URL(`./file-thread${extname(import.meta.url)}`, import.meta.url)
/** Threads mostly wait for the disk; concurrent syncs cost the disk little more than one. */
const MAX_THREADS = 8

type FileThread = AnsweringThread<FileQuestion, Written | Closed>

/**
 * Threads that hash, write and sync small files with one message to the thread and two back; separate steps would each
 * wake another thread. A new thread starts when all others are busy.
 */
export class FileThreads {
  readonly #threads = new Set<FileThread>()

  /** The thread reads the block until it is written. */
  write(path: string, block: Block, length: number, sync: boolean): FileWriting {
    const thread = this.#choose()
    const first = thread.ask({ path, block: block.buffer, length, sync }) as Promise<Written>
    const second = thread.next() as Promise<Closed>
    const closed = second.then(({ fault }) => raise(fault))
    closed.catch(() => undefined) // The caller that awaits it gets the error.
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
