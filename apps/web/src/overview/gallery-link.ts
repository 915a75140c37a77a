import { readFields, writeFields, type FilterFields } from '../gallery/filters.ts'

/** Returns the gallery address that shows the items behind a count. Counts include all roles. */
export function galleryLink(fields: Partial<FilterFields>): string {
  return `/?${writeFields({ ...readFields(''), role: 'all', ...fields })}`
}
