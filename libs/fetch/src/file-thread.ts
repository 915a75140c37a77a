import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { digestBytes, type Digests } from '@mediakeep/checksum'

/** A complete small file to hash, write and, if requested, sync. */
export interface FileQuestion {
  readonly path: string
  readonly block: SharedArrayBuffer
  readonly length: number
  readonly sync: boolean
}

/** The details of a failed system call. */
export interface FileFault {
  readonly message: string
  readonly code: string | undefined
  readonly syscall: string | undefined
}

/** The first answer: the file is written, and the block is no longer used. */
export interface Written {
  readonly digests: Digests
  readonly fault: FileFault | undefined
}

/** The second answer: the file is closed, and synced if requested. */
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
