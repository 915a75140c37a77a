import { utcDate } from '../times.ts'
import { numberOf, textOf, type Value } from '../fields.ts'
import type { TableMapping } from './mapping.ts'

/** Numbers below are seconds: as milliseconds they would be in 1973 or earlier. */
const MILLISECONDS = 1e11
const SLASHED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(.*)$/s
const HAS_ZONE = /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/i

/** Returns the time in a cell: Unix seconds or milliseconds, ISO 8601, or `01/05/2024 10:00` in the order of the mapping. */
export function timeInCell(value: Value, { dateOrder, timeZone }: TableMapping): number | undefined {
  const number = numberOf(value)
  if (number !== undefined) return Math.trunc(number < MILLISECONDS ? number * 1000 : number)
  const text = textOf(value)?.trim() ?? ''
  const iso = dateOrder === undefined ? text : inIsoOrder(text, dateOrder)
  if (HAS_ZONE.test(iso) || timeZone === 'Z') return utcDate(iso)
  return utcDate(/[T ]\d/.test(iso) ? `${iso}${timeZone}` : `${iso}T00:00${timeZone}`)
}

function inIsoOrder(text: string, order: 'DMY' | 'MDY'): string {
  const [, one, two, year, rest = ''] = SLASHED.exec(text) ?? []
  if (one === undefined || two === undefined || year === undefined) return text
  const [day, month] = order === 'DMY' ? [one, two] : [two, one]
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${rest.replace(/^,? */, rest === '' ? '' : ' ').replace(/^ (\d:)/, ' 0$1')}`
}
