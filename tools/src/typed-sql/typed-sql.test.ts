import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSources, ROOT, type SourceFile } from '../source-files.fixture.ts'
import { findStale, generateStatements } from './generate.ts'
import { readSqlFile } from './sql-file.ts'
import { typeCheck } from './type-check.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('the committed modules are what the generator makes now', async () => {
  const generated = await generateStatements(ROOT, database.url)
  expect(generated.problems).toEqual([])
  expect(await findStale(ROOT, generated)).toEqual([])
})

/** A column of each part of the program, and a name that it never had. */
const RENAMED = [
  ['public.post_media', 'fate_reason'],
  ['mediakeep.contents', 'archive_missing_since'],
  ['mediakeep.event_log', 'pruned_number'],
  ['mediakeep.import_runs', 'next_post'],
] as const

test('after a column was renamed, the type check fails wherever a statement uses it', async () => {
  for (const [table, column] of RENAMED) {
    await database.query(`ALTER TABLE ${table} RENAME COLUMN ${column} TO ${column}_renamed`)
  }
  const { modules, problems } = await generateStatements(ROOT, database.url)
  const users = await usersOf(RENAMED.map(([, column]) => column))
  expect(problems.length).toBeGreaterThan(0)
  const sources = await usersOf([])
  const errors = typeCheck([...sources.keys()], modules)
  expect([...errors.keys()].sort()).toEqual([...users.keys()].sort())
  for (const [path, names] of users) {
    const failed = errors.get(path)!.join('\n')
    expect(failed, path).toContain('rejected')
    expect(errors.get(path)!.length, `${path}: ${[...names].join(' ')}`).toBeGreaterThanOrEqual(names.size)
  }
}, 120_000)

/**
 * Returns the files that import statements with one of these words; without words, all files that import any.
 * @returns the names of those statements by the path of the file that imports them
 */
async function usersOf(words: readonly string[]): Promise<Map<string, Set<string>>> {
  const users = new Map<string, Set<string>>()
  for (const source of await readSources('libs', 'apps')) {
    for (const { names, path } of importsOf(source)) {
      const statements = readSqlFile(path, await readFile(join(ROOT, path), 'utf8'))
      const used = statements.filter(
        ({ name, text }) =>
          names.includes(name) &&
          (words.length === 0 || words.some((word) => new RegExp(`\\b${word}\\b`).test(text))),
      )
      if (used.length === 0) continue
      const known = users.get(source.path) ?? new Set<string>()
      users.set(source.path, new Set([...known, ...used.map(({ name }) => name)]))
    }
  }
  return users
}

function importsOf({ path, text }: SourceFile): { names: string[]; path: string }[] {
  const imports = text.matchAll(/^import \{([^}]*)\} from '(\.[^']*\.sql)\.ts'$/gm)
  return [...imports].map(([, names, from]) => ({
    names: names!.split(',').map((name) => name.trim()),
    path: join(path, '..', from!),
  }))
}
