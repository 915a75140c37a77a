import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSources } from './source-files.fixture.ts'
import { findUserTexts } from './user-texts.fixture.ts'

const ROOT = join(import.meta.dirname, '../..')
const { openers, phrases } = JSON.parse(await readFile(join(import.meta.dirname, 'words.json'), 'utf8')) as {
  readonly openers: readonly string[]
  readonly phrases: Readonly<Record<string, string>>
}

/** Where a comment begins in a line: `//`, `/**`, or the star of a line that continues one. */
const COMMENT = String.raw`(?:^|\s)(?://|/\*\*)|^\s*\*`
const OPENER = new RegExp(`(?:${COMMENT}) (?:${openers.join('|')}) `)
const PHRASE = new RegExp(String.raw`(?:${COMMENT}) .*?\b(?:${Object.keys(phrases).join('|')})\b`)

/** Lines whose comment does not read as everyday English. */
function findDialect(text: string): string[] {
  return text.split('\n').filter((line) => OPENER.test(line) || PHRASE.test(line))
}

test.each([
  ['/** What a row says. */', true],
  ['  // Of the newest one.', true],
  ['   * A row bears a token.', true],
  ['const url = 1 // The limit unless given.', true],
  ['/** Returns what a row says. */', false],
  ["const text = '// bears'", false],
  ['// The first of the two.', false],
])('%j: %j', (line, isDialect) => expect(findDialect(line).length > 0).toBe(isDialect))

test('comments begin with a subject or a verb, and use current words', async () => {
  const files = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { cwd: ROOT, encoding: 'utf8' })
  const sources = files.split('\n').filter((path) => path !== '' && !path.includes('/generated/'))
  const found: string[] = []
  for (const path of sources) {
    if (path.endsWith('words.test.ts')) continue
    for (const line of findDialect(await readFile(join(ROOT, path), 'utf8')))
      found.push(`${path}: ${line.trim()}`)
  }
  expect(sources.length).toBeGreaterThan(500)
  expect(found).toEqual([])
})

const TEXT = new RegExp(
  String.raw`(?:^|[.:;] )(?:${openers.join('|')}) (?!.*\?)|\b(?:${Object.keys(phrases).join('|')})\b`,
)

test.each([
  ["throw new CacheError('it bears the id 1')", true],
  ['log.warn({ host }, `Whether ${host} is up is unknown`)', true],
  ["class AError extends Error { constructor() { super('Of each lease its id') } }", true],
  ["const field = { description: 'The newest one. What it found.' }", true],
  ['const view = <p>The file unless given</p>', true],
  ["const view = <Dialog title='What failed?' />", false],
  ["const name = 'bears'; throw new Error('it has the id 1')", false],
])('%s: %j', (source, isDialect) => {
  expect(findUserTexts('x.tsx', source).some(({ text }) => TEXT.test(text))).toBe(isDialect)
})

test('messages, help, labels and descriptions use current words too', async () => {
  const sources = (await readSources('libs', 'apps')).filter(({ path }) => !path.endsWith('.sql'))
  const texts = sources.flatMap(({ path, text }) =>
    findUserTexts(path, text).map((found) => ({ ...found, path })),
  )
  expect(texts.length).toBeGreaterThan(900)
  const found = texts.filter(({ text }) => TEXT.test(text))
  expect(found.map(({ path, line, text }) => `${path}:${line}: ${text}`)).toEqual([])
})
