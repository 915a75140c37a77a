import { expect, test } from 'vitest'
import { isSought, recognisedText } from './recognised-words.ts'

test('words with their places are read, what is none of them is left out', () => {
  const result = {
    width: 1280,
    height: 720,
    words: [
      { word: 'Graviton', box: [80, 120, 300, 60] },
      { word: 'lost' },
      { word: 'odd', box: [1, 2, 3] },
      null,
    ],
  }
  expect(recognisedText(result)).toEqual({
    width: 1280,
    height: 720,
    words: [{ word: 'Graviton', left: 80, top: 120, width: 300, height: 60 }],
  })
})

test.each([null, 'text', {}, { width: 0, height: 1, words: [] }, { width: 5, height: 5, words: 'none' }])(
  'there is nothing to draw in %j',
  (result) => expect(recognisedText(result)).toBeUndefined(),
)

test('a search finds its words whatever their case and their marks', () => {
  expect(isSought('Graviton,', 'benchmark GRAVITON')).toBe(true)
  expect(isSought('gravel', 'graviton')).toBe(false)
  expect(isSought('anything', ' - ')).toBe(false)
})
