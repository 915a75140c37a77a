import { expect, test } from 'vitest'
import { storableText } from './storable-text.ts'

test.each([
  ['short', 5, 'short'],
  ['longer', 5, 'long…'],
  ['a\0b', 5, 'ab'],
  ['\uD83D', 5, '\uFFFD'],
  ['abc😀d', 5, 'abc…'],
  ['ab😀cd', 5, 'ab😀…'],
])('%j in %d characters: %j', (text, maxLength, stored) => {
  expect(storableText(text, maxLength)).toBe(stored)
})
