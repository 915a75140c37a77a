import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Page, Worker } from 'tesseract.js'

/** One word, how sure the recogniser is of it (0 to 1), and where it stands: left, top, width, height in pixels. */
export interface Word {
  readonly word: string
  readonly confidence: number
  readonly box: readonly [left: number, top: number, width: number, height: number]
}

/** One for this process, which works on one picture at a time; loading it takes longer than reading a picture. */
let recogniser: Promise<Worker> | undefined

/** The words of a picture, line by line. */
export async function readPage(picture: Uint8Array): Promise<Word[][]> {
  const starting = (recogniser ??= startRecogniser())
  let worker: Worker | undefined
  try {
    worker = await starting
    const { data } = await worker.recognize(Buffer.from(picture), {}, { text: false, blocks: true })
    return linesOf(data)
  } catch (error) {
    // What is left of it after a failure is unknown.
    recogniser = undefined
    await worker?.terminate()
    throw error
  }
}

async function startRecogniser(): Promise<Worker> {
  const { createWorker, OEM } = await import('tesseract.js')
  const data = dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json'))
  return createWorker('eng', OEM.LSTM_ONLY, {
    langPath: join(data, '4.0.0_best_int'),
    cacheMethod: 'none',
    // Without one, a picture that it cannot read ends the process. Its promise rejects all the same.
    errorHandler: () => undefined,
  })
}

function linesOf({ blocks }: Page): Word[][] {
  const lines = (blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines))
  return lines.map(({ words }) =>
    words.map(({ text, confidence, bbox: { x0, y0, x1, y1 } }) => ({
      word: text,
      confidence: confidence / 100,
      box: [x0, y0, x1 - x0, y1 - y0],
    })),
  )
}
