import { InvalidPostError, type PostLink } from '@mediakeep/plugin-api'
import { digitsOf, objectsOf, textOf, uniqueTexts, type Value } from '../fields.ts'
import { plausibleTime, timeInId } from '../times.ts'

/** Later ids are snowflakes, which count milliseconds from this time; earlier ids are consecutive numbers. */
const LAST_CONSECUTIVE_ID = 29_700_859_247n
const SNOWFLAKE_EPOCH = 1_288_834_974_657

/** @throws InvalidPostError if the post has no id, or one that lost digits */
export function requireTweetId(candidates: readonly Value[], pointer: string): string {
  const id = candidates.map(digitsOf).find((digits) => digits !== undefined)
  if (id === undefined) throw new InvalidPostError(pointer, 'the post has no id of digits', 'no_urn')
  return id
}

/** Returns the time in an id; undefined for a consecutive number, or for a text that is no id. */
export function tweetTime(id: string): number | undefined {
  const isSnowflake = /^\d{1,20}$/.test(id) && BigInt(id) > LAST_CONSECUTIVE_ID
  return isSnowflake ? timeInId(id, 22n, SNOWFLAKE_EPOCH) : undefined
}

export function tweetUrl(id: string, username?: string): string {
  return `https://x.com/${username ?? 'i'}/status/${id}`
}

export function profileUrl(username: string | undefined): string | undefined {
  return username === undefined ? undefined : `https://x.com/${username}`
}

export function tweetLink(kind: PostLink['kind'], id: Value, username?: Value): PostLink[] {
  const digits = digitsOf(id)
  return digits === undefined ? [] : [{ kind, urn: `x:${digits}`, url: tweetUrl(digits, textOf(username)) }]
}

/** Returns the link to the post that a `/status/…` URL among the entities quotes. */
export function quotedByUrl(urls: Value): PostLink[] {
  return objectsOf(urls)
    .flatMap(([{ expanded_url: url }]) => [
      ...(textOf(url)?.matchAll(/^https?:\/\/(?:mobile\.)?(?:twitter|x)\.com\/(\w+)\/status\/(\d+)$/g) ?? []),
    ])
    .slice(-1)
    .flatMap(([, username, id]) => tweetLink('quote', id, username))
}

const NOT_LANGUAGES = new Set(['und', 'art', 'zxx', 'qam', 'qct', 'qht', 'qme', 'qst'])
/** Codes that X still uses, with their replacement in BCP 47. */
const RENAMED: Readonly<Record<string, string>> = { in: 'id', iw: 'he', ji: 'yi' }

export function tweetLanguage(value: Value): string | undefined {
  const language = textOf(value)
  if (language === undefined || NOT_LANGUAGES.has(language)) return undefined
  return Object.hasOwn(RENAMED, language) ? RENAMED[language] : language
}

const DATE = /^\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) \+0000 (\d{4})$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Reads `Wed Oct 10 20:19:24 +0000 2018`. */
export function legacyTime(value: Value): number | undefined {
  const [, month, day, hour, minute, second, year] = DATE.exec(textOf(value) ?? '') ?? []
  const monthIndex = MONTHS.indexOf(month ?? '')
  if (monthIndex < 0) return undefined
  return plausibleTime(
    Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second)),
  )
}

export function namesIn(list: Value, key: string): string[] {
  return uniqueTexts(objectsOf(list).map(([item]) => item[key]))
}
