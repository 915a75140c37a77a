import { MEDIA_ROLES, MEDIA_TYPES } from '@mediakeep/plugin-api'
import { z } from 'zod'

const column = z.string().min(1)
const media = z.union([
  column,
  z.strictObject({
    /** Column with URLs, or with paths of files beside the table. */
    column,
    type: z.enum(MEDIA_TYPES).optional(),
    role: z.enum(MEDIA_ROLES).optional(),
    altText: column.optional(),
  }),
])

const mapping = z.strictObject({
  urn: column,
  postedAt: column,
  /** Written before each urn, and to `posts.platform`. */
  platform: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and hyphens')
    .default('table'),
  media: z.array(media).default([]),
  text: column.optional(),
  url: column.optional(),
  username: column.optional(),
  displayName: column.optional(),
  authorId: column.optional(),
  language: column.optional(),
  contentWarning: column.optional(),
  postType: column.optional(),
  /** Order of day, month and year in dates such as `01/05/2024`. */
  dateOrder: z.enum(['DMY', 'MDY']).optional(),
  /** Zone of dates that name none: `Z`, `+02:00`. */
  timeZone: z
    .string()
    .regex(/^(?:Z|[+-]\d\d:\d\d)$/, 'Z or an offset such as +02:00')
    .default('Z'),
  /** For JSON: pointer of the posts, when they are not at the root. */
  posts: z.string().regex(/^\//, 'a JSON pointer begins with /').optional(),
})

/** Which column holds which field of a post. A name that begins with `/` is a JSON pointer into the item. */
export type TableMapping = z.output<typeof mapping>

export class InvalidMappingError extends Error {
  override readonly name = 'InvalidMappingError'
  readonly code = 'invalid_mapping'
}

/**
 * Checks a mapping, as read from its JSON file.
 *
 * @throws InvalidMappingError that names every error in it, with an example
 */
export function checkMapping(value: unknown): TableMapping {
  const checked = mapping.safeParse(value)
  if (checked.success) return checked.data
  const problems = checked.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the mapping'}: ${message}`,
  )
  const example = '{"urn": "id", "postedAt": "created", "text": "body", "media": ["image_url"]}'
  throw new InvalidMappingError(`${problems.join('; ')}. A mapping names the columns of a table: ${example}`)
}
