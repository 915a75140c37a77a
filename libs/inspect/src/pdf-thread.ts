import { readFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium'
import type { Finding } from '@mediakeep/content'

export type PdfAnswer =
  | { readonly findings: readonly Finding[] }
  | { readonly code: 'truncated' | 'undecodable'; readonly message: string }

/** ISO 32000-1, annex H.3: readers look for the header in the first 1,024 bytes, for the end in the last 1,024. */
const EDGE_BYTES = 1024

const library = await PDFiumLibrary.init()

parentPort?.on('message', (path: string) => {
  void answerOn(path).then((answer) => parentPort?.postMessage(answer))
})

async function answerOn(path: string): Promise<PdfAnswer> {
  // A disk error ends the thread and reaches the caller.
  const bytes = readFileSync(path)
  const end = endOfText(bytes)
  const hasMark = hasEndMark(bytes, end)
  // PDFium rebuilds truncated documents as far as it can, so on its own it would accept half a document.
  if (!hasMark && !endsBetweenObjects(bytes.subarray(Math.max(0, end - EDGE_BYTES), end))) {
    return { code: 'truncated', message: 'The document ends in the middle' }
  }
  const lead = bytes.subarray(0, EDGE_BYTES).indexOf('%PDF-')
  const findings: Finding[] = [
    ...(hasMark ? [] : (['missing_end_mark'] as const)),
    ...(lead > 0 ? (['leading_data'] as const) : []),
    ...(end < bytes.length - 2 ? (['trailing_data'] as const) : []),
  ]
  let document: PDFiumDocument | undefined
  try {
    document = await library.loadDocument(bytes.subarray(Math.max(0, lead), end))
    if (document.getPageCount() > 0) return { findings }
    return { code: 'undecodable', message: 'The document has no pages' }
  } catch (error) {
    if (/password/i.test(String(error))) return { findings: [...findings, 'encrypted'] }
    return { code: 'undecodable', message: `The document cannot be read: ${String(error)}` }
  } finally {
    document?.destroy()
  }
}

/** Excludes trailing NULs and white space. */
function endOfText(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && [0, 9, 10, 12, 13, 32].includes(bytes[end - 1]!)) end -= 1
  return end
}

/** Foreign bytes may follow the end mark. Objects after it belong to the document: its own end is then missing. */
function hasEndMark(bytes: Buffer, end: number): boolean {
  const at = bytes.lastIndexOf('%%EOF', end)
  if (at === -1) return false
  return end - at <= EDGE_BYTES || !/\d+ \d+ obj\b/.test(bytes.toString('latin1', at, end))
}

function endsBetweenObjects(tail: Buffer): boolean {
  return /(?:endobj|startxref\s+\d+(?:\s+%{1,2}E?O?F?)?|startxref|trailer\s*<<[^]*>>)$/.test(
    tail.toString('latin1'),
  )
}
