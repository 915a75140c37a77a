import { pictureOrNone, type Analyser } from '@mediakeep/plugin-api'
import { readPage, type Word } from './read-page.ts'

/** Longest edge in pixels; more would cost time and memory without helping recognition. */
const EDGE = 2400
/** Below this confidence, the result is mostly texture mistaken for letters. */
const LEAST_CONFIDENCE = 0.6
/** A result is limited to 1 MiB; a full newspaper page has about 5,000 words. */
const MAX_WORDS = 6000

/** Reads the text in a picture, offline: in an image, a video's frame, or a document's first page. */
export const analyser: Analyser = {
  name: 'ocr',
  version: '1',
  mediaTypes: ['image', 'video', 'document'],
  timeoutMs: 120_000,
  env: ['OCR_LANGUAGES', 'OCR_DATA'],
  async analyse(input) {
    const picture = await pictureOrNone(input, { maxEdge: EDGE })
    if (picture === undefined) return { result: { text: '', confidence: 0, words: [] } }
    const lines = (await readPage(picture.bytes))
      .map((line) => line.filter(isText))
      .filter((line) => line.length > 0)
    const words = lines.flat().slice(0, MAX_WORDS)
    const confidence = words.reduce((sum, word) => sum + word.confidence, 0) / Math.max(words.length, 1)
    return {
      result: {
        text: lines.map((line) => line.map(({ word }) => word).join(' ')).join('\n'),
        confidence: rounded(confidence),
        width: picture.fullWidth,
        height: picture.fullHeight,
        words: words.map((word) => ({
          word: word.word,
          confidence: rounded(word.confidence),
          box: word.box.map((pixels) => Math.round((pixels * picture.fullWidth) / picture.width)),
        })),
      },
    }
  },
}

function isText({ word, confidence }: Word): boolean {
  return confidence >= LEAST_CONFIDENCE && /[\p{L}\p{N}]/u.test(word)
}

function rounded(confidence: number): number {
  return Math.round(confidence * 100) / 100
}
