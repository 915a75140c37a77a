import { expect, test } from 'vitest'
import { idOfShortcode, readMetaId, shortcodeOfId, timeOfId } from './ids.ts'

test('a shortcode is its id in base 64', () => {
  expect(idOfShortcode('C6a_VSTgAAB')).toBe('3358275011851845633')
  expect(shortcodeOfId('3358275011851845633')).toBe('C6a_VSTgAAB')
  // Posts of private accounts have a longer one.
  expect(idOfShortcode('C6a_VSTgAABabcdefghijklmnopqrstuvwxyz12')).toBe('3358275011851845633')
  for (const invalid of ['', 'abc', 'C6a VSTgAAB', 'ü'.repeat(11)])
    expect(idOfShortcode(invalid)).toBeUndefined()
})

test('an id holds its time in milliseconds; one of Facebook has none', () => {
  expect(timeOfId('3358275011851845633')).toBe(1714557600_000)
  expect(timeOfId('17900000000000001')).toBeUndefined()
})

test.each([
  [{ pk: 3358275011 }, '3358275011'],
  [{ id: '3358275011851845633_1000000001' }, '3358275011851845633'],
  [{ shortCode: 'C6a_VSTgAAB' }, '3358275011851845633'],
  [{ id: 'C6a_VSTgAAB', code: 'C6a_VSTgAAB' }, '3358275011851845633'],
])('%j', (post, id) => {
  expect(readMetaId(post, 'instagram').urn).toBe(`instagram:${id}`)
})
