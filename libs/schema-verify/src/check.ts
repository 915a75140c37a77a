import type { CatalogObject } from './catalog.ts'
import type { Check } from './contract.ts'
import { commentOn } from './ddl.ts'

export const MISSING = 'missing'
const NONE = 'none'

/** Creates the check for one comparison; omits `mend` if nothing differs. */
export function check(object: string, expected: string, actual: string | undefined, mend?: string): Check {
  const ok = actual === expected
  const line: Check = { object, expected, actual: actual ?? MISSING, ok, severity: 'error' }
  return ok || mend === undefined ? line : { ...line, mend }
}

/** Creates a failed check for an object that must not exist. */
export function checkExtra(object: string, actual: string, mend: string): Check {
  return { object, expected: NONE, actual, ok: false, severity: 'error', mend }
}

/** Returns the object's definition, followed by its fault if it has one. */
export function describe(found: CatalogObject | undefined): string | undefined {
  return found?.fault === undefined ? found?.definition : `${found.definition} (${found.fault})`
}

export function checkComment(object: string, expected: string, found: string | undefined): Check {
  return check(`comment on ${object}`, expected, found, commentOn(object, expected))
}
