/** Where the sample says its media are; the origin server stands in for it. */
const ORIGIN = 'http://127.0.0.1:4080'

const VALID_UNTIL = 4_102_444_800 // 2100-01-01
const EXPIRED_SINCE = 1_704_067_200 // 2024-01-01

/** A URL signed as CloudFront signs them: its expiry can be read from it. */
export function signed(path: string, expires = VALID_UNTIL): string {
  return `${ORIGIN}${path}?Expires=${expires}&Signature=sample-signature&Key-Pair-Id=KSAMPLE`
}

export const expired = (path: string): string => signed(path, EXPIRED_SINCE)

export interface Author {
  readonly first_name: string
  readonly last_name: string
  readonly headline: string
  readonly username: string
  readonly profile_url: string
  readonly profile_picture: string
}

export function author(first: string, last: string, headline: string, picture: string): Author {
  const username = `${first}-${last}`.toLowerCase()
  return {
    first_name: first,
    last_name: last,
    headline,
    username,
    profile_url: `https://www.linkedin.com/in/${username}`,
    profile_picture: signed(picture),
  }
}

/** A post in the dataset's shape. The activity URN holds its time, as LinkedIn's do: `urn >> 22` milliseconds. */
export function post(
  at: string,
  number: number,
  by: Author,
  text: string,
  more: Record<string, unknown> = {},
): object {
  const timestamp = Date.parse(at)
  const activity = String((BigInt(timestamp) << 22n) + BigInt(number))
  return {
    urn: { activity_urn: activity, share_urn: null, ugcPost_urn: null },
    full_urn: `urn:li:activity:${activity}`,
    posted_at: { date: at.replace('T', ' ').replace('Z', ''), relative: '2w', timestamp },
    text,
    url: `https://www.linkedin.com/posts/${by.username}_activity-${activity}`,
    post_type: 'regular',
    author: by,
    stats: reactions(number),
    ...more,
  }
}

function reactions(number: number): object {
  const [like, support, love, insight, celebrate, funny] = [31, 7, 5, 11, 3, 1].map(
    (base) => (base * number) % 97,
  )
  const all = [like!, support!, love!, insight!, celebrate!, funny!]
  return {
    total_reactions: all.reduce((sum, count) => sum + count),
    like,
    support,
    love,
    insight,
    celebrate,
    funny,
    comments: number % 9,
    reposts: number % 4,
  }
}
