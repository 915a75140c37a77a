import { AnalysisResultError } from './errors.ts'

/** A result: a JSON object. The keys named in `Findings` are searchable; the rest passes through unchanged. */
export type AnalysisResult = Readonly<Record<string, unknown>>

/** Maximum size of a result, in bytes of UTF-8: 1 MiB. */
const MAX_RESULT_BYTES = 1024 ** 2
const MAX_DEPTH = 100
/** Maximum searchable text, in UTF-16 units; PostgreSQL's text search takes at most 1 MiB of words. */
const MAX_SEARCH_TEXT = 100_000

/** Values extracted from a result and stored beside it. */
export interface Findings {
  /** `text`, `caption`, `altText`, `labels`. */
  readonly searchText: string | null
  /** `perceptualHash`: 16 hex digits. */
  readonly perceptualHash: string | null
  /** `thumbhash`: base64. */
  readonly thumbhash: string | null
  /** `dominantColor`: `#rrggbb`. */
  readonly dominantColor: string | null
}

/** A validated result. */
export interface CheckedResult {
  readonly json: string
  readonly findings: Findings
}

/**
 * Checks that a result can be stored: a JSON object of at most 1 MiB and 100 levels, without NUL characters and
 * lone surrogates, which PostgreSQL refuses. @throws AnalysisResultError
 */
export function checkResult(result: unknown): CheckedResult {
  if (!isObject(result)) throw new AnalysisResultError('not_an_object', 'A result is a JSON object')
  checkValue(result, '', 1)
  const json = stringify(result)
  const bytes = Buffer.byteLength(json)
  if (bytes > MAX_RESULT_BYTES) {
    throw new AnalysisResultError(
      'too_large',
      `A result has at most ${MAX_RESULT_BYTES} bytes, this has ${bytes}`,
    )
  }
  return { json, findings: findingsOf(result) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    throw new AnalysisResultError('not_json', `The result is not JSON: ${String(error)}`)
  }
}

function checkValue(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'string') checkText(value, pointer)
  else if (typeof value === 'object' && value !== null) {
    if (depth > MAX_DEPTH) {
      throw new AnalysisResultError('too_deep', `A result has at most ${MAX_DEPTH} levels`, pointer)
    }
    for (const [key, member] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      checkText(key, at)
      checkValue(member, at, depth + 1)
    }
  } else if (value !== null && !['number', 'boolean', 'undefined'].includes(typeof value)) {
    throw new AnalysisResultError('not_json', `A ${typeof value} is not JSON`, pointer)
  }
}

function checkText(text: string, pointer: string): void {
  if (text.includes('\0')) {
    throw new AnalysisResultError('nul_character', 'The character NUL cannot be stored', legible(pointer))
  }
  if (!text.isWellFormed()) {
    throw new AnalysisResultError(
      'lone_surrogate',
      'Half a surrogate pair cannot be stored',
      legible(pointer),
    )
  }
}

const legible = (pointer: string): string => pointer.replaceAll('\0', '\\u0000').toWellFormed()

function findingsOf(result: AnalysisResult): Findings {
  const { text, caption, altText, labels } = result
  const words = [text, caption, altText, ...(Array.isArray(labels) ? (labels as unknown[]) : [])]
  const searchText = words.filter((word) => typeof word === 'string' && word.trim() !== '').join('\n')
  return {
    searchText: searchText === '' ? null : searchText.slice(0, MAX_SEARCH_TEXT).toWellFormed(),
    perceptualHash: matching(result['perceptualHash'], /^[0-9a-f]{16}$/i)?.toLowerCase() ?? null,
    thumbhash: matching(result['thumbhash'], /^[A-Za-z0-9+/]{4,64}={0,2}$/),
    dominantColor: matching(result['dominantColor'], /^#[0-9a-f]{6}$/i)?.toLowerCase() ?? null,
  }
}

function matching(value: unknown, pattern: RegExp): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null
}
