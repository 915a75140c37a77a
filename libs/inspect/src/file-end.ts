import { openSync, closeSync, readSync } from 'node:fs'
import { NotMediaError } from '@mediakeep/content'
import { foreignTail, hasZip, ZIP_TAIL_BYTES } from './polyglot.ts'
import { readSpan } from './read-span.ts'

/** Text after a recording is searched for in this many bytes at the end of the file. */
const TEXT_TAIL_BYTES = 4096

/** An office document is a zip, whose directory is at its end. @throws NotMediaError `truncated` */
export async function assertZipEnd(path: string): Promise<void> {
  const { bytes } = await readSpan(path, -ZIP_TAIL_BYTES, ZIP_TAIL_BYTES)
  if (!bytes.includes('PK\x05\x06')) throw new NotMediaError('truncated', 'The document has no directory')
}

/** @throws NotMediaError `polyglot` if the file is also a zip, or a web page or script follows it */
export async function assertNoForeignEnd(path: string, mimeType: string): Promise<void> {
  const { bytes, start } = await readSpan(path, -ZIP_TAIL_BYTES, ZIP_TAIL_BYTES)
  const tail = bytes.subarray(-TEXT_TAIL_BYTES)
  const other = hasZip(bytes, (offset) => readUInt32(path, start + offset))
    ? 'zip'
    : foreignTail(mimeType === 'application/pdf' ? afterPdf(tail) : tail)
  if (other !== undefined) throw new NotMediaError('polyglot', `The file is ${other} as well`)
}

/** A document's own text is not foreign; only bytes after its end mark are. */
function afterPdf(tail: Buffer): Buffer {
  const end = tail.lastIndexOf('%%EOF')
  return tail.subarray(end === -1 ? tail.length : end + 5)
}

function readUInt32(path: string, offset: number): number {
  if (offset < 0) return 0
  const bytes = Buffer.alloc(4)
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, 4, offset)
  } finally {
    closeSync(file)
  }
  return bytes.readUInt32LE(0)
}
