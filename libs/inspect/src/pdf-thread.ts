import { readFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium'

/** Undefined for a document that can be read. */
export type PdfFault = { readonly code: string; readonly message: string } | undefined

const library = await PDFiumLibrary.init()

parentPort?.on('message', (path: string) => {
  void faultOf(path).then((fault) => parentPort?.postMessage(fault))
})

async function faultOf(path: string): Promise<PdfFault> {
  // A disk that fails ends the thread: its error reaches whoever asked.
  const bytes = readFileSync(path)
  let document: PDFiumDocument | undefined
  try {
    // ISO 32000-1, annex H.3: readers look for the end in the last 1,024 bytes.
    if (!bytes.subarray(-1024).includes('%%EOF')) {
      return { code: 'truncated', message: 'The document has no end' }
    }
    document = await library.loadDocument(bytes)
    const hasPages = document.getPageCount() > 0
    return hasPages ? undefined : { code: 'undecodable', message: 'The document has no pages' }
  } catch (error) {
    const code = /password/i.test(String(error)) ? 'encrypted' : 'undecodable'
    return { code, message: `The document cannot be read: ${String(error)}` }
  } finally {
    document?.destroy()
  }
}
