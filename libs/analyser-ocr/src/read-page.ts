import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
  const languages = await findLanguages((process.env['OCR_LANGUAGES'] ?? 'eng').split(','))
  const start = (langPath: string): Promise<Worker> =>
    createWorker(
      languages.map(({ code }) => code),
      OEM.LSTM_ONLY,
      {
        langPath,
        cacheMethod: 'none',
        // Without a handler, an unreadable picture would end the process. The promise still rejects.
        errorHandler: () => undefined,
      },
    )
  // It reads `<code>.traineddata.gz` of all languages from one folder, and tells by the bytes if they are compressed.
  const [folder, ...others] = new Set(languages.map(({ path }) => dirname(path)))
  if (folder !== undefined && others.length === 0 && languages.every(({ path }) => path.endsWith('.gz')))
    return start(folder)
  const links = await mkdtemp(join(tmpdir(), 'mediakeep-ocr-'))
  try {
    for (const { code, path } of languages) await symlink(path, join(links, `${code}.traineddata.gz`))
    return await start(links)
  } finally {
    await rm(links, { recursive: true })
  }
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
