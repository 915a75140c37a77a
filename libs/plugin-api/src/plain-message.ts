import type { z } from 'zod'

type Issue = Parameters<z.core.$ZodErrorMap>[0]

/** Units of what is limited, by zod's name of it. */
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['entry', 'entries'],
  file: ['byte', 'bytes'],
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
  function: 'a function',
}

/**
 * Says in plain English what is wrong with a value, in place of zod's texts ("Too small: expected array to have >=1
 * items"). Pass it as the `error` of a parse, or as zod's `localeError`; a schema's own message still wins.
 */
export function plainMessage(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      return atLeast(issue)
    case 'too_big':
      return atMost(issue)
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${issue.values.map((value) => String(value)).join(', or ')}`
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_format':
      return `must have the form of ${issue.format === 'regex' ? (issue.pattern ?? 'a pattern') : issue.format}`
    case 'unrecognized_keys':
      return `has unknown keys: ${issue.keys.join(', ')}`
    default:
      return 'has a value that is not allowed'
  }
}

function atLeast({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>): string {
  const units = UNITS[origin]
  if (units === undefined)
    return `must be ${inclusive === false ? 'more than' : 'at least'} ${minimum.toLocaleString('en')}`
  if (Number(minimum) === 1) return 'must not be empty'
  return `must have at least ${amount(minimum, units)}`
}

function atMost({ origin, maximum, inclusive }: Extract<Issue, { code: 'too_big' }>): string {
  const units = UNITS[origin]
  if (units === undefined)
    return `must be ${inclusive === false ? 'less than' : 'at most'} ${maximum.toLocaleString('en')}`
  return `must have at most ${amount(maximum, units)}`
}

function amount(count: number | bigint, [one, many]: readonly [string, string]): string {
  return `${count.toLocaleString('en')} ${Number(count) === 1 ? one : many}`
}
