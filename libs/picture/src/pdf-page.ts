import { readFile } from 'node:fs/promises'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import sharp from 'sharp'
import type { Drawn } from './draw-picture.ts'
import { NoPictureError } from './picture.ts'

/** 144 dots an inch are enough to read small print by machine. */
const SCALE = 2
const LARGEST_EDGE = 4000

const library = await PDFiumLibrary.init()

/** @throws NoPictureError when there is no page, or what PDFium throws */
export async function drawFirstPage(path: string, maxEdge = LARGEST_EDGE): Promise<Drawn> {
  const document = await library.loadDocument(await readFile(path))
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
