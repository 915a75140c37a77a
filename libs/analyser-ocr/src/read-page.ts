import { dirname } from 'node:path'
import type { Page, Worker } from 'tesseract.js'
import { findLanguages } from './languages.ts'

/** A word, the recogniser's confidence (0 to 1), and its position: left, top, width, height in pixels. */
export interface Word {
  readonly word: string
  readonly confidence: number
  readonly box: readonly [left: number, top: number, width: number, height: number]
}

/** One per process, handling one picture at a time; loading it takes longer than reading a picture. */
let recogniser: Promise<Worker> | undefined

/** Returns the words in a picture, line by line. */
export async function readPage(picture: Uint8Array): Promise<Word[][]> {
  const starting = (recogniser ??= startRecogniser())
  let worker: Worker | undefined
  try {
    worker = await starting
    const { data } = await worker.recognize(Buffer.from(picture), {}, { text: false, blocks: true })
    return linesOf(data)
  } catch (error) {
    // After a failure, its state is unknown.
    recogniser = undefined
    await worker?.terminate()
    throw error
  }
}

async function startRecogniser(): Promise<Worker> {
  const { createWorker, OEM } = await import('tesseract.js')
  const { OCR_LANGUAGES: languages = 'eng', OCR_DATA: folder } = process.env
  return createWorker(languages.split(','), OEM.LSTM_ONLY, {
    langPath: folder ?? dirname((await findLanguages(['eng']))[0]!.path),
    cacheMethod: 'none',
    // Without a handler, an unreadable picture would end the process. The promise still rejects.
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
