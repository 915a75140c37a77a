import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { hashOpenFileSync } from '@mediakeep/checksum'

/** A file to read, and its strongest known digest. */
export interface Suspect {
  /** Undefined where the cache refuses the path; such a file is never sound. */
  readonly absolutePath: string | undefined
  readonly algorithm: 'md5' | 'sha256'
  readonly digest: string
  readonly byteSize: number | undefined
}

/** True for each sound file of a batch. The cache finds out what is wrong with the others. */
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
