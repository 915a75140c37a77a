import { expect, test } from 'vitest'
import { fixLatin1Text } from './fix-latin1-text.ts'

const asLatin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

test.each([
  ['Caf\u00c3\u00a9 \u00f0\u009f\u008c\u008a', 'Café 🌊'],
  ['\u00e2\u0080\u009cquoted\u00e2\u0080\u009d', '“quoted”'],
  ['plain', 'plain'],
  ['', ''],
  ['Café', 'Café'],
  ['Café 🌊', 'Café 🌊'],
  ['caf\u00c3', 'caf\u00c3'],
])('%j', (text, expected) => {
  expect(fixLatin1Text(text)).toBe(expected)
})

test('any character that was read as Latin-1 is restored', () => {
  for (let code = 1; code <= 0x10ffff; code += code < 0x3000 ? 1 : 97) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const text = `a${String.fromCodePoint(code)}`
    if (fixLatin1Text(asLatin1(text)) !== text) throw new Error(`U+${code.toString(16)} is not restored`)
  }
})
