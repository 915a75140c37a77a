import { PDFDocument, rgb, StandardFonts } from 'pdf-lib'

/** A report of three pages about nothing. */
export async function makeReport(): Promise<Uint8Array> {
  const report = await PDFDocument.create()
  report.setTitle('Tidal meadows: field notes')
  // Fixed dates: the same bytes on every run.
  report.setCreationDate(new Date(0))
  report.setModificationDate(new Date(0))
  const font = await report.embedFont(StandardFonts.Helvetica)
  const texts = ['Tidal meadows: field notes', 'What we counted', 'What we will count next year']
  for (const [index, text] of texts.entries()) {
    const page = report.addPage([595, 842])
    page.drawRectangle({ x: 0, y: 782, width: 595, height: 60, color: rgb(0.17, 0.37, 0.46) })
    page.drawText(text, { x: 50, y: 700, size: 26, font })
    page.drawText(`Page ${String(index + 1)} of ${String(texts.length)}`, { x: 50, y: 60, size: 12, font })
  }
  return report.save()
}
