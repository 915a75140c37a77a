import type { Check } from './contract.ts'

/** 0: no differences, or only warnings; 1: the database has drifted. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 {
  return checks.some((check) => !check.ok && check.severity === 'error') ? 1 : 0
}

export interface Summary {
  readonly checks: number
  readonly warnings: number
  readonly failures: number
}

export function summarize(checks: readonly Check[]): Summary {
  const differing = checks.filter((check) => !check.ok)
  const failures = differing.filter((check) => check.severity === 'error').length
  return { checks: checks.length, warnings: differing.length - failures, failures }
}

/** Formats a verification for people: one line per check, how to fix each difference, and a summary. */
export function formatChecks(checks: readonly Check[]): string[] {
  const { warnings, failures } = summarize(checks)
  return [
    ...checks.flatMap(formatCheck),
    `${checks.length} checks: ${checks.length - failures - warnings} ok, ${warnings} warnings, ${failures} failed`,
  ]
}

function formatCheck({ object, expected, actual, ok, severity, mend }: Check): string[] {
  const word = ok ? 'ok   ' : severity === 'error' ? 'FAIL ' : 'warn '
  const line = `${word} ${object}: expected ${oneLine(expected)}; actual ${oneLine(actual)}`
  return mend ? [line, `      mend: ${oneLine(mend)}`] : [line]
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ')

/** Formats the checks as a JUnit report: one test case per object; warnings go to its output. */
export function formatJunit(checks: readonly Check[], seconds: number): string {
  const { failures } = summarize(checks)
  const cases = checks.map(({ object, expected, actual, ok, severity, mend }) => {
    const told = escape(`expected: ${expected}\nactual: ${actual}${mend ? `\nmend: ${mend}` : ''}`)
    const head = `    <testcase classname="schema" name="${escape(object)}"`
    if (ok) return `${head}/>`
    return severity === 'error'
      ? `${head}>\n      <failure message="${escape(`actual: ${oneLine(actual)}`)}">${told}</failure>\n    </testcase>`
      : `${head}>\n      <system-out>warning\n${told}</system-out>\n    </testcase>`
  })
  const counts = `tests="${checks.length}" failures="${failures}" errors="0" time="${seconds.toFixed(3)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="schema verification" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string =>
  text
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!)
    // XML 1.0 allows no other control characters.
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\uFFFD')

/**
 * Returns SQL that fixes the differences, for a person to review before running it: missing objects first, comments
 * last; shell commands are written as SQL comments.
 */
export function formatFixPlan(checks: readonly Check[]): string {
  const differing = checks.filter((check) => !check.ok)
  const of = (isComment: boolean): Check[] =>
    differing.filter(({ object }) => object.startsWith('comment on ') === isComment)
  const lines = [...of(false), ...of(true)].flatMap(({ object, actual, severity, mend }) => {
    const head = `-- ${severity === 'error' ? '' : 'warning: '}${object}: ${oneLine(actual)}`
    if (!mend) return [head, '--   nothing that SQL could mend']
    return isSql(mend) ? [head, `${mend};`] : [head, `--   ${oneLine(mend)}`]
  })
  return lines.length === 0 ? '-- nothing to mend' : lines.join('\n')
}

const isSql = (mend: string): boolean =>
  /^(ALTER|CREATE|COMMENT|DROP|GRANT|REVOKE|REINDEX|UPDATE|INSERT|DELETE|SELECT)\b/.test(mend)
