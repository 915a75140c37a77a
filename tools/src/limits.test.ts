import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { readSources, ROOT } from './source-files.fixture.ts'

const page = await readFile(join(ROOT, 'docs/limits.md'), 'utf8')
const sources = (await readSources('libs', 'apps')).filter(({ path }) => !path.startsWith('libs/testing/'))

/** The name of a constant that limits something. */
const LIMIT =
  /^(?:\w+_)?(?:MAX|MOST|LONGEST|LARGEST|LEAST|MIN|KEPT|ATTEMPTS|TRIES|DEATHS|TIMEOUTS?|DEADLINE|MS|SECONDS|BYTES)(?:_\w+)?$/
/** Quoted texts, patterns, lists of names and other objects are no limits. */
const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: [^=\n]+)? = ((?:[\d(A-Z]|\[\d).*)$/gm
const NO_LIMIT = /^Buffer\./
/** Defaults that are constants are found as constants. */
const OPTION =
  /\b((?:max|min)[A-Z]\w*|\w+(?:Ms|Attempts|Seconds|Threshold)|attempts)(?:\s*=|\)?\s*\?\?)\s*([1-9]\d[\d_]*|[1-9](?=[\s,;)]))/g
const SETTING = /^ {2}([A-Z][A-Z0-9_]*): (?:whole\(|bytes\.|budget\b)/gm
const SESSION = /export const (\w+Session): Session = \{([^}]*)\}/g

interface Limit {
  readonly name: string
  /** Empty for a setting. */
  readonly file: string
  readonly value: string
}

/** `libs/fetch/src/proxy.ts` → `fetch/proxy.ts` */
const shortPath = (path: string): string => path.replace(/^(?:libs|apps)\//, '').replace('/src/', '/')

function constantsIn(path: string, text: string): Limit[] {
  return [...text.matchAll(CONSTANT)]
    .map(([, name, value]) => ({ name: name!, file: shortPath(path), value: value! }))
    .filter(({ name, value }) => LIMIT.test(name) && !NO_LIMIT.test(value))
}

function optionsIn(path: string, text: string): Limit[] {
  return [...text.matchAll(OPTION)].map(([, name, value]) => ({
    name: name!,
    file: shortPath(path),
    value: value!,
  }))
}

const text = page.replaceAll(/\s+/g, ' ')

/** True if the page has the name, perhaps with others, before its file: "`A` and `B` (`fetch/proxy.ts`". */
function isNamed({ name, file }: Limit): boolean {
  if (file === '') return text.includes(`\`${name}\``)
  return new RegExp(
    `\`${name}\`(?:(?:,| and) \`\\w+\`)*(?: \\(| in )\`${file.replaceAll('.', '\\.')}\``,
  ).test(text)
}

const constants = sources.flatMap(({ path, text }) => constantsIn(path, text))
const options = sources.flatMap(({ path, text }) => optionsIn(path, text))
const settings = sources
  .filter(({ path }) => path.startsWith('libs/config/'))
  .flatMap(({ text }) =>
    [...text.matchAll(SETTING)].map(([, name]) => ({ name: name!, file: '', value: '' })),
  )
  .filter(({ name }) => name !== 'PORT')

const describe = ({ name, file }: Limit): string => `${name} (${file})`

test('docs/limits.md names every constant that limits something', () => {
  expect(constants.length).toBeGreaterThan(250)
  expect(constants.filter((limit) => !isNamed(limit)).map(describe)).toEqual([])
})

test('docs/limits.md names every option with a limit as its default', () => {
  expect(options.length).toBeGreaterThan(30)
  expect(options.filter((limit) => !isNamed(limit)).map(describe)).toEqual([])
})

test('docs/limits.md names every setting that is a limit', () => {
  expect(settings.length).toBeGreaterThan(10)
  expect(settings.filter((limit) => !isNamed(limit)).map(describe)).toEqual([])
})

test('docs/limits.md names the limits of every database session', () => {
  const file = sources.find(({ path }) => path === 'libs/postgres/src/session.ts')!
  const sessions = [...file.text.matchAll(SESSION)].flatMap(([, name, body]) =>
    [...body!.matchAll(/(\w+Ms):/g)].map(([, limit]) => `\`${limit}\` of \`${name}\``),
  )
  expect(sessions.length).toBe(9)
  expect(sessions.filter((text) => !page.includes(text))).toEqual([])
})

/** A row of a table that begins with a constant, its file and its value. */
const ROW = /^\| `([A-Z][A-Z0-9_]*)` \(`([\w/.-]+)`\) *\| *([^|]+?) *\|/gm
const rows = [...page.matchAll(ROW)].map(([, name, file, value]) => ({
  name: name!,
  file: file!,
  value: value!,
}))

test('docs/limits.md names no constant that is gone', () => {
  const isThere = (row: Limit): boolean =>
    sources.some(
      ({ path, text }) => shortPath(path) === row.file && new RegExp(`const ${row.name}\\b`).test(text),
    )
  expect(rows.length).toBeGreaterThan(130)
  expect(rows.filter((row) => !isThere(row)).map(describe)).toEqual([])
})

const NAMED: Readonly<Record<string, number>> = { SECOND: 1000, MINUTE: 60_000, HOUR: 3600 }

/** The value of an expression of numbers, or undefined for any other. */
function evaluate(expression: string): number | undefined {
  const numbers = expression.replaceAll(/[A-Z]+/g, (name) => String(NAMED[name] ?? name)).replaceAll('_', '')
  if (!/^[\d\s.*+()/-]+$/.test(numbers)) return undefined
  return runInNewContext(numbers) as number
}

const UNITS: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: 1000, min: 60_000, h: 3_600_000, days: 86_400_000 },
  ...{ KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 },
}

/** The numbers that a value such as `30 s` may mean: times are in milliseconds or seconds. */
function meanings(value: string): number[] {
  const [, number, unit = ''] = /^([\d.,]+) ?(\w*)$/.exec(value) ?? []
  if (number === undefined) return []
  const plain = Number(number.replaceAll(',', ''))
  const scaled = plain * (UNITS[unit] ?? (unit === '' ? 1 : NaN))
  return ['ms', 's', 'min', 'h', 'days'].includes(unit) ? [scaled, scaled / 1000] : [scaled]
}

test.each([
  ['30 s', '30_000', true],
  ['30 s', '30', true],
  ['64 KiB', '64 * 1024', true],
  ['10,000', '10_000', true],
  ['7 days', '7 * 24 * HOUR', true],
  ['31 s', '30_000', false],
  ['64 MiB', '64 * 1024', false],
])('%s for %s: %s', (value, expression, isRight) => {
  expect(meanings(value).includes(evaluate(expression)!)).toBe(isRight)
})

test('the values in docs/limits.md are those of the sources', () => {
  const known = rows.flatMap((row) => {
    const source = constants.find(({ name, file }) => name === row.name && file === row.file)
    const value = source && evaluate(source.value)
    return value === undefined ? [] : [{ row, value }]
  })
  expect(known.length).toBeGreaterThan(130)
  const wrong = known.filter(({ row, value }) => !meanings(row.value).includes(value))
  expect(wrong.map(({ row, value }) => `${describe(row)}: ${row.value}, not ${value}`)).toEqual([])
})
