import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { hashOpenFileSync } from '@mediakeep/checksum'

/** A file to read, and the strongest digest that is known of it. */
export interface Suspect {
  /** Undefined where the cache would not read; such a file is never sound. */
  readonly absolutePath: string | undefined
  readonly algorithm: 'md5' | 'sha256'
  readonly digest: string
  readonly byteSize: number | undefined
}

/** True for every file of a batch that is as it should be. What is wrong with the others is for the cache to say. */
export type Verdicts = readonly boolean[]

const buffer = Buffer.allocUnsafe(1024 * 1024)

parentPort?.on('message', (batch: readonly Suspect[]) => {
  parentPort?.postMessage(batch.map(isSound) satisfies Verdicts)
})

function isSound({ absolutePath, algorithm, digest, byteSize }: Suspect): boolean {
  if (absolutePath === undefined) return false
  let file: number | undefined
  try {
    file = openSync(absolutePath, constants.O_RDONLY | constants.O_NOFOLLOW)
    if (byteSize !== undefined && fstatSync(file).size !== byteSize) return false
    return hashOpenFileSync(file, algorithm, buffer) === digest
  } catch {
    return false
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
