import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { digestBytes, type Digests } from '@mediakeep/checksum'

/** A small file, whole: to be hashed, written and, where asked for, synced. */
export interface FileQuestion {
  readonly path: string
  readonly block: SharedArrayBuffer
  readonly length: number
  readonly sync: boolean
}

/** What a system call says of its failure. */
export interface FileFault {
  readonly message: string
  readonly code: string | undefined
  readonly syscall: string | undefined
}

/** The first answer: the file is written, and the block is not looked at any more. */
export interface Written {
  readonly digests: Digests
  readonly fault: FileFault | undefined
}

/** The second one: it is closed, and on the disk where that was asked for. */
export interface Closed {
  readonly fault: FileFault | undefined
}

parentPort?.on('message', ({ path, block, length, sync }: FileQuestion) => {
  const bytes = new Uint8Array(block, 0, length)
  const digests = digestBytes(bytes)
  let file: number | undefined
  const fault = faultOf(() => {
    file = openSync(path, 'w')
    for (let start = 0; start < length;) start += writeSync(file, bytes, start)
  })
  parentPort?.postMessage({ digests, fault } satisfies Written)
  const late = faultOf(() => {
    try {
      if (sync && !fault) fsyncSync(file!)
    } finally {
      if (file !== undefined) closeSync(file)
    }
  })
  parentPort?.postMessage({ fault: late } satisfies Closed)
})

function faultOf(work: () => void): FileFault | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    const { message, code, syscall } = error as NodeJS.ErrnoException
    return { message, code, syscall }
  }
}
