import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uploadName } from './upload-name.ts'

test.each([
  ['posts.json', 'posts.json'],
  ['März 2026 – Wahl.json', 'März 2026 – Wahl.json'],
  ['../../evil.json', 'evil.json'],
  ['C:\\exports\\posts.json', 'posts.json'],
  ['.hidden.json', 'hidden.json'],
  ['a\n\u202eb\0.json', 'ab.json'],
  ['..', 'upload.json'],
  ['folder/', 'upload.json'],
  [undefined, 'upload.json'],
])('%j is kept as %j', (claimed, name) => {
  expect(uploadName(claimed)).toBe(name)
})

test('a long name keeps its ending, and whole characters', () => {
  const name = uploadName(`${'ü'.repeat(300)}.json`)
  expect(name).toMatch(/^ü+\.json$/)
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
})

test('whatever a client calls a file, it stays in its folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (claimed) => {
      const name = uploadName(claimed)
      expect(name).not.toMatch(/[/\\\0]/)
      expect(['', '.', '..']).not.toContain(name)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
      expect(Buffer.from(name).toString()).toBe(name)
    }),
  )
})
