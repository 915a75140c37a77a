import { expect, test } from 'vitest'
import { splitStatements } from './split-statements.ts'

test('splits at semicolons, and leaves comments and empty statements out', () => {
  expect(splitStatements('-- a; b\nSELECT 1;\n\n;SELECT 2 -- c\n; ')).toEqual(['SELECT 1', 'SELECT 2'])
})

test.each([
  ["SELECT 'a;b''c;'"],
  [String.raw`SELECT E'a\';b'`],
  ['SELECT "a;""b"'],
  ['SELECT $$ a; $b$ ; $$'],
  ['SELECT $f$ a; $$ ; $f$'],
  ["SELECT '/* ;'"],
  ["SELECT '-- ;'"],
  ["SELECT name'x;'"],
  ['SELECT a$1; SELECT b$2'.split(';')[0]!],
])('keeps %s whole', (statement) => {
  expect(splitStatements(`${statement};`)).toEqual([statement])
})

test('block comments nest', () => {
  expect(splitStatements('SELECT /* a; /* b; */ c; */ 1; SELECT 2')).toEqual(['SELECT   1', 'SELECT 2'])
})
