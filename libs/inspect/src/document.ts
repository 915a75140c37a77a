import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { NotMediaError } from '@mediakeep/content'
import { isDiskError } from './disk-error.ts'
import { createGate } from './gate.ts'
import type { PdfFault } from './pdf-thread.ts'

export interface PdfReader {
  /** @throws NotMediaError `truncated`, `encrypted` or `undecodable` */
  assertReadable(path: string, signal: AbortSignal): Promise<void>
}

const SCRIPT = new URL(`./pdf-thread${extname(import.meta.url)}`, import.meta.url)

/**
 * Documents of strangers are opened in a thread, which can be ended when one takes for ever. It is started with
 * the first document, keeps no process alive, and is replaced after every failure.
 */
export function createPdfReader(): PdfReader {
  const gate = createGate(1)
  let thread: Worker | undefined

  async function readIn(path: string, signal: AbortSignal): Promise<PdfFault> {
    const worker = (thread ??= new Worker(SCRIPT))
    worker.ref()
    try {
      worker.postMessage(path)
      const [fault] = (await once(worker, 'message', { signal })) as [PdfFault]
      if (fault === undefined) return undefined
      await discard()
      return fault
    } catch (error) {
      await discard()
      if (signal.aborted || isDiskError(error)) throw error
      return { code: 'undecodable', message: `The document cannot be read: ${String(error)}` }
    } finally {
      worker.unref()
    }
  }

  async function discard(): Promise<void> {
    const ended = thread
    thread = undefined
    await ended?.terminate()
  }

  return {
    assertReadable: (path, signal) =>
      gate(async () => {
        signal.throwIfAborted()
        const fault = await readIn(path, signal)
        if (fault !== undefined) throw new NotMediaError(fault.code, fault.message)
      }),
  }
}

/** ISO 32000-1, annex H.3: readers look for the end in the last 1,024 bytes. */
export async function assertPdfEnd(path: string): Promise<void> {
  if (!(await readTail(path, 1024)).includes('%%EOF')) throw noEnd()
}

/** The directory of a zip stands at its end; its comment may be up to 65,535 bytes long (APPNOTE 4.3.16). */
export async function assertZipEnd(path: string): Promise<void> {
  if (!(await readTail(path, 22 + 65_535)).includes('PK\x05\x06')) throw noEnd()
}

async function readTail(path: string, bytes: number): Promise<Buffer> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const length = Math.min(size, bytes)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
  return buffer.subarray(0, bytesRead)
}

function noEnd(): NotMediaError {
  return new NotMediaError('truncated', 'The document has no end')
}
