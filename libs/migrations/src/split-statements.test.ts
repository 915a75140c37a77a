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
  ['SELECT a$b$c'],
  ['CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE a WHEN 1 THEN 2 END; END'],
  ['CREATE PROCEDURE p() begin atomic INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); end'],
  ['CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); INSERT INTO b VALUES (2))'],
])('keeps %s whole', (statement) => {
  expect(splitStatements(`${statement};`)).toEqual([statement])
})

test('a transaction block and names like its words are split as before', () => {
  expect(splitStatements('BEGIN; SELECT "atomic" AS atomic; END; SELECT 1')).toEqual([
    'BEGIN',
    'SELECT "atomic" AS atomic',
    'END',
    'SELECT 1',
  ])
})

test('block comments nest', () => {
  expect(splitStatements('SELECT /* a; /* b; */ c; */ 1; SELECT 2')).toEqual(['SELECT   1', 'SELECT 2'])
})
