import { open } from 'node:fs/promises'
import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium'
import { NotMediaError } from '@mediakeep/content'

/** Reads how many pages PDF documents have. Its memory is given back when it is closed. */
export interface PdfReader {
  /** @throws NotMediaError `truncated`, `encrypted` or `undecodable` */
  assertReadable(bytes: Buffer): Promise<void>
}

/** pdfium is loaded with the first document: it takes 60 ms and 10 MB that most processes never need. */
export function createPdfReader(): PdfReader {
  let library: ReturnType<typeof PDFiumLibrary.init> | undefined

  async function assertReadable(bytes: Buffer): Promise<void> {
    // ISO 32000-1, annex H.3: readers look for the end in the last 1,024 bytes.
    if (!bytes.subarray(-1024).includes('%%EOF')) {
      throw new NotMediaError('truncated', 'The document has no end')
    }
    library ??= PDFiumLibrary.init()
    if ((await countPages(await library, bytes)) < 1)
      throw new NotMediaError('undecodable', 'The document has no pages')
  }

  return { assertReadable }
}

async function countPages(library: Pick<PDFiumLibrary, 'loadDocument'>, bytes: Buffer): Promise<number> {
  let document: PDFiumDocument | undefined
  try {
    document = await library.loadDocument(bytes)
    return document.getPageCount()
  } catch (cause) {
    const code = /password/i.test(String(cause)) ? 'encrypted' : 'undecodable'
    throw new NotMediaError(code, `The document cannot be read: ${String(cause)}`, { cause })
  } finally {
    document?.destroy()
  }
}

/** The directory of a zip stands at its end; its comment may be up to 65,535 bytes long (APPNOTE 4.3.16). */
export async function assertZipEnd(path: string): Promise<void> {
  await using file = await open(path, 'r')
  const { size } = await file.stat()
  const length = Math.min(size, 22 + 65_535)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  if (!buffer.includes('PK\x05\x06')) throw new NotMediaError('truncated', 'The document has no end')
}
