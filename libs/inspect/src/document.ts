import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { NotMediaError, type Finding } from '@mediakeep/content'
import { isDiskError } from './disk-error.ts'
import { createGate } from './gate.ts'
import type { PdfAnswer } from './pdf-thread.ts'

export interface PdfReader {
  /** @returns its unusual properties @throws NotMediaError `truncated` or `undecodable` */
  inspect(path: string, signal: AbortSignal): Promise<readonly Finding[]>
}

const SCRIPT = new URL(`./pdf-thread${extname(import.meta.url)}`, import.meta.url)

/**
 * Opens documents in a thread, which can be ended when one takes too long. The thread starts with the first document,
 * does not keep the process alive, and is replaced after every failure.
 */
export function createPdfReader(): PdfReader {
  const gate = createGate(1)
  let thread: Worker | undefined

  async function readIn(path: string, signal: AbortSignal): Promise<PdfAnswer> {
    const worker = (thread ??= new Worker(SCRIPT))
    worker.ref()
    try {
      worker.postMessage(path)
      const [answer] = (await once(worker, 'message', { signal })) as [PdfAnswer]
      if ('code' in answer) await discard()
      return answer
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
    inspect: (path, signal) =>
      gate(async () => {
        signal.throwIfAborted()
        const answer = await readIn(path, signal)
        if ('code' in answer) throw new NotMediaError(answer.code, answer.message)
        return answer.findings
      }),
  }
}
