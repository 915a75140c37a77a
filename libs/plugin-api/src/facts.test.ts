import { expect, test } from 'vitest'
import { compactFacts, textFact } from './facts.ts'

test.each([
  ['  Canon\0\0', 'Canon'],
  ['a\0b', 'a b'],
  ['\ud800x', '\ufffdx'],
  ['\0 ', undefined],
  [7, undefined],
])('the text %j becomes %j', (value, fact) => expect(textFact(value)).toBe(fact))

test('a long text is cut with a mark', () => {
  expect(textFact('x'.repeat(500))).toBe('x'.repeat(500))
  expect(textFact('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`)
})

test('undefined facts are left out, others stay', () => {
  expect(compactFacts({ a: undefined, b: null, c: 0, d: '' })).toEqual({ b: null, c: 0, d: '' })
})
