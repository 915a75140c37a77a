import { expect, test } from 'vitest'
import { allows, SCOPES } from './scopes.ts'

test('a scope is good for itself alone, admin for everything', () => {
  for (const held of SCOPES)
    for (const needed of SCOPES)
      expect(allows(new Set([held]), [needed])).toBe(held === needed || held === 'admin')
})

test('any of several will do; what names no scope is for nobody', () => {
  expect(allows(new Set(['import']), ['read', 'import'])).toBe(true)
  expect(allows(new Set(SCOPES), [])).toBe(false)
})
