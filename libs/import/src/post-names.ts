import type { SourcePost } from '@mediakeep/plugin-api'

/** How a post is found again. */
export interface PostNames {
  readonly platform: string
  /** Equal for two readings of one post, different for two posts of whatever platforms. */
  readonly key: string
  /** Who the post is on its platform. */
  readonly identity: string
  /** Urns that a new row may take, the preferred one first; a later one when another post holds those before. */
  readonly urns: readonly string[]
  /** Every urn that means this post. It may be stored under any of them. */
  readonly ownUrns: readonly string[]
  /** Urns of other posts, under which it may be stored as well. */
  readonly foreignUrns: readonly string[]
}

/** The original tool stores posts of these platforms under their own urns, and must find the rows that we add. */
const WITHOUT_PREFIX = new Set(['linkedin', 'youtube', 'substack'])

/** `posts.urn` is unique over all platforms, so a urn of any other platform gets the platform as a prefix. */
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
  // Before there were prefixes, we stored posts of every platform without.
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
