import { Readable } from 'node:stream'
import { digestBytes } from '@mediakeep/checksum'
import type { Archive } from '@mediakeep/content'

const KEY = 'mediakeep-probe/object.txt'
const BYTES = Buffer.from('Mediakeep writes this object to see whether it may write at all.\n')

/** Stores and removes a small object to check that the archive accepts uploads at all. @throws ArchiveError */
export async function probeArchive(archive: Archive): Promise<void> {
  // Without permission to delete, a leftover of an earlier probe weakens the check, but no better one exists.
  const clear = (): Promise<void> => archive.remove(KEY).catch(() => undefined)
  await clear()
  await archive.ping()
  await archive.put({
    key: KEY,
    digests: digestBytes(BYTES),
    mimeType: 'text/plain',
    open: ({ start, end } = { start: 0 }) =>
      Promise.resolve(Readable.from([BYTES.subarray(start, end === undefined ? undefined : end + 1)])),
  })
  await clear()
}
