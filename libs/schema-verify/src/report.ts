import type { Check } from './contract.ts'

/** 0: nothing differs, or only with a warning; 1: the database has drifted. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 {
  return checks.some((check) => !check.ok && check.severity === 'error') ? 1 : 0
}

/** A verification for people: a line per check, how to mend what differs, and a summary. */
export function formatChecks(checks: readonly Check[]): string[] {
  const failed = checks.filter((check) => !check.ok && check.severity === 'error').length
  const warned = checks.filter((check) => !check.ok && check.severity === 'warning').length
  return [
    ...checks.flatMap(formatCheck),
    `${checks.length} checks: ${checks.length - failed - warned} ok, ${warned} warnings, ${failed} failed`,
  ]
}

function formatCheck({ object, expected, actual, ok, severity, mend }: Check): string[] {
  const word = ok ? 'ok   ' : severity === 'error' ? 'FAIL ' : 'warn '
  const line = `${word} ${object}: expected ${expected}; actual ${actual}`
  return mend ? [line, `      mend: ${mend}`] : [line]
}
