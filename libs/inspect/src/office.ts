import { readSpan } from './read-span.ts'
import { OFFICE_TYPES, type Sniffed } from './media-kinds.ts'
import { ZIP_TAIL_BYTES } from './polyglot.ts'

/** Maximum length of a directory to read: office documents have a few hundred entries. */
const DIRECTORY_BYTES = 1024 * 1024

/** Detects the type of an office document from the names in its zip directory; undefined for any other zip. */
export async function officeType(path: string): Promise<Sniffed | undefined> {
  const { bytes: tail, start } = await readSpan(path, -ZIP_TAIL_BYTES, ZIP_TAIL_BYTES)
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (end === -1 || end + 22 > tail.length) return undefined
  const size = tail.readUInt32LE(end + 12)
  const from = start + end - size
  if (from < 0) return undefined
  const { bytes } = await readSpan(path, from, Math.min(size, DIRECTORY_BYTES))
  const names = entryNames(bytes)
  if (!names.has('[Content_Types].xml')) return undefined
  if (names.has('word/document.xml')) return OFFICE_TYPES.word
  if (names.has('ppt/presentation.xml')) return OFFICE_TYPES.ppt
  return names.has('xl/workbook.xml') || names.has('xl/workbook.bin') ? OFFICE_TYPES.xl : undefined
}

function entryNames(directory: Buffer): Set<string> {
  const names = new Set<string>()
  let offset = 0
  while (offset + 46 <= directory.length && directory.readUInt32LE(offset) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((at) => directory.readUInt16LE(offset + at)) as [
      number,
      number,
      number,
    ]
    names.add(directory.toString('utf8', offset + 46, offset + 46 + name))
    offset += 46 + name + extra + comment
  }
  return names
}
