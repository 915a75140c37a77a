import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSources } from '../source-files.fixture.ts'
import { findStatements, type StatementInCode } from './statements-in-code.fixture.ts'

const { composed, untyped, unconverted } = JSON.parse(
  await readFile(join(import.meta.dirname, 'statements-in-code.json'), 'utf8'),
) as {
  /** Files whose statements depend on values that only a run knows, each with the reason. */
  readonly composed: Readonly<Record<string, string>>
  /** Folders whose statements run in databases without our schema, each with the reason. */
  readonly untyped: Readonly<Record<string, string>>
  /** Files whose statements can move to a `.sql` file, and have not yet. */
  readonly unconverted: readonly string[]
}

function isAllowed({ path, isComposed }: StatementInCode): boolean {
  if (Object.keys(untyped).some((folder) => path.startsWith(folder)) || unconverted.includes(path))
    return true
  return isComposed && path in composed
}

test('a static statement is in a .sql file; code holds only those that this list gives a reason for', async () => {
  const files = await readSources('libs', 'apps')
  const found = files.filter(({ path }) => !path.endsWith('.sql')).flatMap(findStatements)
  const lines = found.filter((one) => !isAllowed(one)).map(({ path, line }) => `${path}:${line}`)
  expect(lines).toEqual([])
  // Entries that are no longer needed must be removed.
  const listed = [...Object.keys(composed), ...Object.keys(untyped), ...unconverted]
  const unused = listed.filter((entry) => !found.some(({ path }) => path.startsWith(entry)))
  expect(unused).toEqual([])
})

test.each([
  ['const a = `SELECT media_id FROM public.post_media`', [false]],
  ["await db.query('UPDATE mediakeep.contents SET findings = NULL')", [false]],
  ['const a = `SELECT media_id FROM ${table}`', [true]],
  ['const a = `${head} SELECT media_id FROM t`', [true]],
  ['const a = `\n  -- The oldest.\n  WITH RECURSIVE a (b) AS (SELECT 1) SELECT b FROM a`', [false]],
  ["const label = 'Select all'", []],
  ["const condition = `m.fate = 'waiting'`", []],
  ["const label = 'with care'", []],
])('statements in %s', (text, expected) => {
  const found = findStatements({ path: 'a.ts', text })
  expect(found.map(({ isComposed }) => isComposed)).toEqual(expected)
})
