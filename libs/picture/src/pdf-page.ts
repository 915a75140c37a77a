import { readFile } from 'node:fs/promises'
import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium'
import sharp from 'sharp'
import type { Drawn } from './draw-picture.ts'
import { NoPictureError } from './picture.ts'

/** 144 dots per inch are enough for OCR of small print. */
const SCALE = 2
const LARGEST_EDGE = 4000

const library = await PDFiumLibrary.init()

/** @throws NoPictureError if there is no page, and any error of PDFium */
export async function drawFirstPage(path: string, maxEdge = LARGEST_EDGE): Promise<Drawn> {
  const document = await load(path)
  try {
    const pageCount = document.getPageCount()
    if (pageCount === 0) throw new NoPictureError('undecodable', 'The document has no pages')
    const page = document.getPage(0)
    const { originalWidth, originalHeight } = page.getOriginalSize()
    const longer = Math.max(originalWidth, originalHeight, 1)
    const scale = Math.min(SCALE, Math.min(maxEdge, LARGEST_EDGE) / longer)
    const { data, width, height } = await page.render({ scale, render: 'bitmap' })
    const pixels = sharp(data, { raw: { width, height, channels: 4 } })
    return { pixels, fullWidth: originalWidth, fullHeight: originalHeight, pageCount }
  } finally {
    document.destroy()
  }
}

/** Other bytes may precede the header, and NULs may follow the end; PDFium accepts neither. */
async function load(path: string): Promise<PDFiumDocument> {
  const bytes = await readFile(path)
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end -= 1
  const start = Math.max(0, bytes.subarray(0, 1024).indexOf('%PDF-'))
  try {
    return await library.loadDocument(bytes.subarray(start, end))
  } catch (cause) {
    if (!/password/i.test(String(cause))) throw cause
    throw new NoPictureError('no_picture', 'The document opens with a password only', { cause })
  }
}
