import { expect, test } from 'vitest'
import { isTransient } from './transient.ts'

const coded = (code: string): Error => Object.assign(new Error('it failed'), { code })

test.each([
  '40001',
  '40P01',
  '08006',
  '57P01',
  '57P03',
  '53300',
  '55P03',
  '57014',
  '25P03',
  '25006',
  'ECONNRESET',
  'ENOENT',
])('%s passes', (code) => expect(isTransient(coded(code))).toBe(true))

test.each(['23505', '22P05', '42601', 'EACCES'])('%s does not pass', (code) =>
  expect(isTransient(coded(code))).toBe(false),
)

test('a connection that broke is known by its message', () => {
  expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true)
  expect(isTransient(new Error('timeout exceeded when trying to connect'))).toBe(true)
  expect(isTransient(new Error('Query read timeout'))).toBe(true)
  expect(isTransient(new Error('a post says: Connection terminated'))).toBe(false)
  expect(isTransient('Connection terminated')).toBe(false)
})
