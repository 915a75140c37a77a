import { expect, test } from 'vitest'
import { sizeWords } from './words.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1 KiB'],
  [1_500_000, '1.4 MiB'],
  [5 * 1024 ** 4, '5 TiB'],
])('%d bytes are %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words))
