import type { SourcePost } from '@mediakeep/plugin-api'

/** Names by which a post is found again. */
export interface PostNames {
  readonly platform: string
  /** Equal for two readings of one post, different for any two posts on any platforms. */
  readonly key: string
  /** Identifies the post on its platform. */
  readonly identity: string
  /** Urns for a new row, the preferred one first; later ones are used when other posts hold those before. */
  readonly urns: readonly string[]
  /** Every urn that means this post. It may be stored under any of them. */
  readonly ownUrns: readonly string[]
  /** Urns of other posts, under which it may also be stored. */
  readonly foreignUrns: readonly string[]
}

/** The original tool stores posts of these platforms under plain urns, and must find the rows we add. */
const WITHOUT_PREFIX = new Set(['linkedin', 'youtube', 'substack'])

/** `posts.urn` is unique across platforms, so urns of any other platform get the platform as a prefix. */
export function postNames(
  platform: string,
  {
    urn,
    otherUrns = [],
    foreignUrns = [],
    identity = urn,
  }: Pick<SourcePost, 'urn' | 'otherUrns' | 'foreignUrns' | 'identity'>,
): PostNames {
  const own = [urn, ...otherUrns]
  const prefix = (text: string): string => (text.startsWith(`${platform}:`) ? text : `${platform}:${text}`)
  const urns = WITHOUT_PREFIX.has(platform) ? [...own, prefix(identity)] : own.map(prefix)
  // Before prefixes existed, we stored posts of every platform without one.
  const ownUrns = [...new Set([...urns, ...own])]
  return {
    platform,
    key: keyOf(platform, identity),
    identity,
    urns: [...new Set(urns)],
    ownUrns,
    foreignUrns,
  }
}

export function keyOf(platform: string, identity: string): string {
  return `${platform} ${identity}`
}
