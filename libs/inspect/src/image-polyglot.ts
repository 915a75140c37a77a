import { NotMediaError } from '@mediakeep/content'
import { foreignTail, hasZip, isScriptHeader } from './polyglot.ts'

/** @param end offset of the image's end @throws NotMediaError `polyglot` if it can be read as another type too */
export function assertNoPolyglot(bytes: Buffer, mimeType: string, end: number): void {
  const other = hasZip(bytes)
    ? 'zip'
    : isScriptHeader(bytes, mimeType)
      ? 'javascript'
      : isPdf(bytes)
        ? 'pdf'
        : end < bytes.length
          ? foreignTail(bytes.subarray(end))
          : undefined
  if (other !== undefined) throw new NotMediaError('polyglot', `The image is ${other} as well`)
}

function isPdf(bytes: Buffer): boolean {
  return bytes.subarray(0, 1024).includes('%PDF-') && bytes.subarray(-1024).includes('startxref')
}
