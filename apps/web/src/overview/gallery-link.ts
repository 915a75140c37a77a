import { readFields, writeFields, type FilterFields } from '../gallery/filters.ts'

/** Where the gallery shows what a number counts. */
export function galleryLink(fields: Partial<FilterFields>): string {
  return `/?${writeFields({ ...readFields(''), ...fields })}`
}
