import { z } from 'zod'
import { MEDIA_TYPES } from './media-types.ts'
import { InvalidPostError, MEDIA_ROLES, type SourceFormat, type SourcePost } from './source-format.ts'

const optionalText = z.string().nullish()
const optionalNumber = z.number().nullish()

/** Seconds for 1973 to 5138; read as milliseconds, they would fall within three years of 2 January 1970. */
const isInSeconds = (time: number): boolean => time >= 1e8 && time < 1e11

const mediaReference = z.object({
  url: z.string(),
  role: z.enum(MEDIA_ROLES),
  mediaType: z.enum(MEDIA_TYPES),
  pointer: z.string(),
  width: optionalNumber,
  height: optionalNumber,
})

const sourcePost = z.object({
  urn: z.string().min(1),
  otherUrns: z.array(z.string().min(1)).nullish(),
  foreignUrns: z.array(z.string().min(1)).nullish(),
  identity: z.string().min(1).nullish(),
  fullUrn: optionalText,
  postedAt: z
    .number()
    .refine((time) => !isInSeconds(time), 'looks like seconds; a format returns Unix milliseconds'),
  authorUsername: optionalText,
  text: optionalText,
  postType: optionalText,
  url: optionalText,
  totalReactions: optionalNumber,
  stats: z.looseObject({}).nullish(),
  media: z.array(mediaReference),
})

const CODES: Readonly<Record<string, string>> = { urn: 'no_urn', postedAt: 'date_out_of_range' }

/**
 * Checks what a source format returned for a post.
 *
 * @throws InvalidPostError with the format's name and a JSON pointer to the first error in the result
 */
export function checkSourcePost(format: Pick<SourceFormat, 'name'>, result: unknown): SourcePost {
  if (result instanceof Promise) {
    result.catch(() => undefined)
    throw new InvalidPostError('', `format ${format.name} returned a promise; read() must not be async`)
  }
  const checked = sourcePost.safeParse(result)
  // Keep the object itself, not zod's copy.
  if (checked.success) return result as SourcePost
  const { path, message } = checked.error.issues[0]!
  const place = path.map((step) => `/${String(step)}`).join('')
  const code = CODES[String(path[0])] ?? 'invalid_result'
  throw new InvalidPostError('', `format ${format.name} returned an invalid post: ${place} ${message}`, code)
}
