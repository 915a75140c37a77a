/** A word that an analyser read in a picture, and its box in pixels of the upright picture. */
interface RecognisedWord {
  readonly word: string
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface RecognisedText {
  readonly width: number
  readonly height: number
  readonly words: readonly RecognisedWord[]
}

/** Returns an analyser's words with boxes, if any: `{width, height, words: [{word, box: [l, t, w, h]}]}`. */
export function recognisedText(result: unknown): RecognisedText | undefined {
  if (!isObject(result) || !isPositive(result['width']) || !isPositive(result['height'])) return undefined
  if (!Array.isArray(result['words'])) return undefined
  const words = result['words'].flatMap((entry: unknown) => {
    if (!isObject(entry) || typeof entry['word'] !== 'string') return []
    const box = entry['box']
    if (!Array.isArray(box) || box.length !== 4 || !box.every((side) => typeof side === 'number')) return []
    const [left, top, width, height] = box as [number, number, number, number]
    return [{ word: entry['word'], left, top, width, height }]
  })
  return words.length > 0 ? { width: result['width'], height: result['height'], words } : undefined
}

/** True if a search for these words would have found it. */
export function isSought(word: string, search: string): boolean {
  const plain = normal(word)
  return search.split(/\s+/).some((sought) => normal(sought) !== '' && plain.includes(normal(sought)))
}

function normal(text: string): string {
  return text.toLocaleLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0
}
