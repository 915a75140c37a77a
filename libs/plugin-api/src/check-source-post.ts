import { z } from 'zod'
import { MEDIA_TYPES } from './media-types.ts'
import { plainMessage } from './plain-message.ts'
import { InvalidPostError, type SkippedItem, type SourceFormat } from './source-format.ts'
import { MEDIA_ROLES, POST_LINK_KINDS, type SourcePost } from './source-post.ts'

const MAX_NAME = 512
const MAX_TEXT = 20_000
const MAX_URL = 8192
const MAX_PATH = 4096
const MAX_ITEMS = 1000

const optionalText = z.string().nullish()
const optionalNumber = z.number().nullish()

/** PostgreSQL stores neither NUL nor lone surrogates. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
const text = (max: number) => z.string().max(max).refine(isStorable, 'holds a NUL or a lone surrogate')
const name = text(MAX_NAME).nullish()
const size = z.number().nonnegative().nullish()
const httpUrl = text(MAX_URL).regex(/^https?:\/\//i, 'must begin with http:// or https://')

/** Seconds for 1973 to 5138; read as milliseconds, they would fall within three years of 2 January 1970. */
const isInSeconds = (time: number): boolean => time >= 1e8 && time < 1e11
const milliseconds = z
  .number()
  .refine((time) => !isInSeconds(time), 'looks like seconds; a format returns Unix milliseconds')

/** True for a path that stays inside the export, as `Place.resolve` returns them. */
const isWithin = (path: string): boolean =>
  path !== '' &&
  !/^(?:[/\\]|[a-z]:)/i.test(path) &&
  !path.split(/[/\\]/).some((step) => step === '..' || step === '.' || step === '')

const candidate = z.object({
  url: httpUrl,
  width: size,
  height: size,
  bitrate: size,
  mimeType: name,
})

const attested = z.object({
  sha256: z.stringFormat('sha256', /^[0-9a-f]{64}$/i).nullish(),
  md5: z.stringFormat('md5', /^[0-9a-f]{32}$/i).nullish(),
  byteSize: z.number().int().nonnegative().nullish(),
})

const mediaReference = z
  .object({
    url: optionalText,
    file: text(MAX_PATH).refine(isWithin, 'must be a path within the export').nullish(),
    missing: text(MAX_PATH).nullish(),
    key: name,
    role: z.enum(MEDIA_ROLES),
    mediaType: z.enum(MEDIA_TYPES),
    pointer: z.string(),
    width: optionalNumber,
    height: optionalNumber,
    durationMs: size,
    altText: text(MAX_TEXT).nullish(),
    blurhash: name,
    candidates: z.array(candidate).max(100).nullish(),
    attested: attested.nullish(),
  })
  .refine(
    ({ url, file, missing }) => typeof url === 'string' || Boolean(file) || Boolean(missing),
    'needs a url, a file, or the reason why it is missing',
  )

const postLink = z.object({
  kind: z.enum(POST_LINK_KINDS),
  urn: text(MAX_NAME).min(1),
  url: httpUrl.nullish(),
})

const author = z.object({ username: name, displayName: name, id: name, profileUrl: httpUrl.nullish() })

const sourcePost = z.object({
  urn: z.string().min(1),
  otherUrns: z.array(z.string().min(1)).nullish(),
  foreignUrns: z.array(z.string().min(1)).nullish(),
  identity: z.string().min(1).nullish(),
  fullUrn: optionalText,
  platform: text(64).min(1).nullish(),
  postedAt: milliseconds,
  idTime: milliseconds.nullish(),
  editedAt: milliseconds.nullish(),
  authorUsername: optionalText,
  author: author.nullish(),
  text: optionalText,
  language: text(64).nullish(),
  contentWarning: text(MAX_TEXT).nullish(),
  hashtags: z.array(text(MAX_NAME)).max(MAX_ITEMS).nullish(),
  mentions: z.array(text(MAX_NAME)).max(MAX_ITEMS).nullish(),
  links: z.array(postLink).max(MAX_ITEMS).nullish(),
  postType: optionalText,
  url: optionalText,
  totalReactions: optionalNumber,
  stats: z.looseObject({}).nullish(),
  media: z.array(mediaReference),
})

const CODES: Readonly<Record<string, string>> = { urn: 'no_urn', postedAt: 'date_out_of_range' }

/** Returns true when a format read an item as no post; the import counts it by its reason. */
export function isSkippedItem(result: unknown): result is SkippedItem {
  return typeof result === 'object' && result !== null && 'skip' in result && typeof result.skip === 'string'
}

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
  const checked = sourcePost.safeParse(result, { error: plainMessage })
  // Keep the object itself, not zod's copy.
  if (checked.success) return result as SourcePost
  const { path, message } = checked.error.issues[0]!
  const place = path.map((step) => `/${String(step)}`).join('')
  const code = CODES[String(path[0])] ?? 'invalid_result'
  throw new InvalidPostError('', `format ${format.name} returned an invalid post: ${place} ${message}`, code)
}
