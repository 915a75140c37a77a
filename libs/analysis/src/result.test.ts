import { assert, dictionary, jsonValue, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { AnalysisResultError } from './errors.ts'
import { checkResult } from './result.ts'

/** Any UTF-16 unit, including lone surrogates and NUL. */
const units = string({ unit: string({ minLength: 1, maxLength: 1, unit: 'binary' }), maxLength: 5 })

test.each([
  [[], 'not_an_object'],
  ['text', 'not_an_object'],
  [null, 'not_an_object'],
  [{ a: ['x\0'] }, 'nul_character'],
  [{ 'k\0': 1 }, 'nul_character'],
  [{ a: '\ud800' }, 'lone_surrogate'],
  [{ a: 'x'.repeat(2 ** 20) }, 'too_large'],
  [{ a: 1n }, 'not_json'],
])('is refused: %#', (result, problem) => {
  expect(() => checkResult(result)).toThrow(AnalysisResultError)
  expect(() => checkResult(result)).toThrow(expect.objectContaining({ problem }) as Error)
})

test('a hundred levels are taken, one more is not', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { nested: nested(levels - 1) })
  expect(checkResult(nested(100)).findings.searchText).toBeNull()
  expect(() => checkResult(nested(101))).toThrow(expect.objectContaining({ problem: 'too_deep' }) as Error)
})

test('nesting of 100,000 levels is refused without ado, and so is a circle', () => {
  let nested: unknown = 1
  for (let level = 0; level < 100_000; level++) nested = { nested }
  expect(() => checkResult({ nested })).toThrow(expect.objectContaining({ problem: 'too_deep' }) as Error)
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  expect(() => checkResult(circle)).toThrow(expect.objectContaining({ problem: 'too_deep' }) as Error)
})

test('any other object is stored as JSON that says the same', () => {
  assert(
    property(dictionary(units, jsonValue()), (result) => {
      try {
        expect(JSON.parse(checkResult(result).json)).toEqual(JSON.parse(JSON.stringify(result)))
      } catch (error) {
        expect(error).toBeInstanceOf(AnalysisResultError)
      }
    }),
  )
})

test('what a result says under the known names is found; what does not fit is left', () => {
  expect(
    checkResult({
      text: 'graviton',
      caption: 'a chart',
      altText: ' ',
      labels: ['x', 1, 'y'],
      perceptualHash: 'FFee000000000001',
      thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
      dominantColor: '#AABBCC',
    }).findings,
  ).toEqual({
    searchText: 'graviton\na chart\nx\ny',
    perceptualHash: 'ffee000000000001',
    thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
    dominantColor: '#aabbcc',
  })
  expect(
    checkResult({ text: 7, perceptualHash: 'xyz', dominantColor: 'red', thumbhash: '!' }).findings,
  ).toEqual({
    searchText: null,
    perceptualHash: null,
    thumbhash: null,
    dominantColor: null,
  })
})
