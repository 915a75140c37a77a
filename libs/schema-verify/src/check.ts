import type { CatalogObject } from './catalog.ts'
import type { Check } from './contract.ts'
import { commentOn } from './ddl.ts'

export const MISSING = 'missing'
const NONE = 'none'

/** One comparison; how to mend it is left out where nothing differs. */
export function check(object: string, expected: string, actual: string | undefined, mend?: string): Check {
  const ok = actual === expected
  const line: Check = { object, expected, actual: actual ?? MISSING, ok, severity: 'error' }
  return ok || mend === undefined ? line : { ...line, mend }
}

/** An object that is there and must not be. */
export function checkExtra(object: string, actual: string, mend: string): Check {
  return { object, expected: NONE, actual, ok: false, severity: 'error', mend }
}

/** What an object is, and why it does not do what it says. */
export function describe(found: CatalogObject | undefined): string | undefined {
  return found?.fault === undefined ? found?.definition : `${found.definition} (${found.fault})`
}

export function checkComment(object: string, expected: string, found: string | undefined): Check {
  return check(`comment on ${object}`, expected, found, commentOn(object, expected))
}
