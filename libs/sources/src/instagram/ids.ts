import { InvalidPostError, type JsonObject, type SourcePost } from '@mediakeep/plugin-api'
import { digitsOf, textOf, type Value } from '../fields.ts'
import { timeInId } from '../times.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Ids count milliseconds from 24 August 2011, above 23 bits of shard and sequence. */
const EPOCH = 1314220021721

/** Returns the id that a shortcode writes in base 64. Those of private accounts have a secret after the 11th character. */
export function idOfShortcode(code: string): string | undefined {
  if (!/^[\w-]{5,60}$/.test(code)) return undefined
  let id = 0n
  for (const character of code.slice(0, 11)) id = id * 64n + BigInt(ALPHABET.indexOf(character))
  return String(id)
}

/** Returns the shortcode of an id, as in `instagram.com/p/<shortcode>/`. */
export function shortcodeOfId(id: string): string {
  let code = ''
  for (let rest = BigInt(id); rest > 0n; rest /= 64n) code = ALPHABET[Number(rest % 64n)]! + code
  return code
}

/** Returns the time in an id; undefined for the ids of Facebook's kind, which have none. */
export function timeOfId(id: string): number | undefined {
  return id.length >= 18 ? timeInId(id, 23n, EPOCH) : undefined
}

/** The fields that follow from a post's id. */
export type MetaId = Pick<SourcePost, 'urn' | 'otherUrns' | 'idTime' | 'url'>

/**
 * Reads the id of a post on Instagram or Threads from its number (`pk`, or `id` as `<number>_<user>`) or its shortcode.
 *
 * @throws InvalidPostError if there is neither
 */
export function readMetaId(post: JsonObject, platform: 'instagram' | 'threads'): MetaId {
  const code = textOf(post.code) ?? textOf(post.shortcode) ?? textOf(post.shortCode)
  const id = digitsOf(post.pk) ?? mediaKey(post.id) ?? (code === undefined ? code : idOfShortcode(code))
  if (id === undefined) throw new InvalidPostError('', 'the post has neither an id nor a shortcode', 'no_urn')
  const name = code ?? shortcodeOfId(id)
  return {
    urn: `${platform}:${id}`,
    otherUrns: [`${platform}:${name}`],
    idTime: timeOfId(id),
    url:
      platform === 'instagram' ? `https://www.instagram.com/p/${name}/` : `https://www.threads.com/t/${name}`,
  }
}

/** The URL of a picture differs from export to export and format to format; its id is always the same. */
export function mediaKey(id: Value): string | undefined {
  return digitsOf(id) ?? /^(\d{5,25})_\d+$/.exec(textOf(id) ?? '')?.[1]
}
