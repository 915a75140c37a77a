import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const FIRST = 1_700_000_000_000
const WORDS =
  'harbour meadow ridge tide lamp slate copper orchard signal winter paper bridge cloud ember'.split(' ')

/** Writes invented posts in the shape of the LinkedIn dataset, about 3.4 KB each. */
export async function writePosts(
  path: string,
  enough: { posts: number } | { bytes: number },
): Promise<number> {
  let posts = 0
  let bytes = 0
  const isDone = (): boolean => ('posts' in enough ? posts >= enough.posts : bytes >= enough.bytes)
  function* chunks(): Generator<string> {
    yield '['
    while (!isDone()) {
      const chunk = `${posts === 0 ? '\n' : ',\n'}${JSON.stringify(inventPost(posts++), undefined, 2)}`
      bytes += chunk.length
      yield chunk
    }
    yield '\n]\n'
  }
  await pipeline(Readable.from(chunks(), { objectMode: true }), createWriteStream(path))
  return posts
}

/** Writes a post for each picture, with nothing else to fetch. */
export async function writePicturePosts(path: string, urls: readonly string[]): Promise<void> {
  const posts = urls.map((url, n) => {
    const { author, ...post } = inventPost(n)
    return { ...post, author: { ...author, profile_picture: undefined }, media: { type: 'image', url } }
  })
  await writeFile(path, JSON.stringify(posts))
}

function inventPost(n: number): { readonly author: object; readonly [field: string]: unknown } {
  const timestamp = FIRST + n * 1000
  const urn = String(BigInt(timestamp) << 22n)
  const username = `author-${n % 500}`
  return {
    urn: { activity_urn: urn, share_urn: null, ugcPost_urn: null },
    full_urn: `urn:li:activity:${urn}`,
    posted_at: { date: new Date(timestamp).toISOString(), relative: '2w', timestamp },
    text: words(n, 120),
    url: `https://www.linkedin.com/posts/${username}_activity-${urn}`,
    post_type: 'regular',
    author: {
      first_name: words(n % 500, 1),
      last_name: words(n % 499, 1),
      headline: words(n % 500, 12),
      username,
      profile_url: `https://www.linkedin.com/in/${username}`,
      profile_picture: signed(`avatar-${username}`, n),
    },
    stats: {
      total_reactions: n % 900,
      like: n % 500,
      support: n % 90,
      love: n % 80,
      insight: n % 70,
      celebrate: n % 60,
      funny: n % 50,
      comments: n % 40,
      reposts: n % 30,
    },
    media: { type: 'image', url: signed(`photo-${n}-0`, n), images: images(n) },
  }
}

/** Returns none, one or three images. */
function images(n: number): object[] {
  return Array.from({ length: [1, 1, 3, 0][n % 4]! }, (_, index) => ({
    url: signed(`photo-${n}-${index}`, n),
    width: 1600,
    height: 1067,
  }))
}

function signed(name: string, n: number): string {
  const signature = (BigInt(n + 1) * 0x9e3779b97f4a7c15n).toString(36).repeat(12)
  return `https://media.example/dms/${name}.jpg?Expires=4102444800&Signature=${signature}&Key-Pair-Id=K1`
}

function words(seed: number, count: number): string {
  return Array.from(
    { length: count },
    (_, index) => WORDS[(seed * 7 + index * index + index) % WORDS.length],
  ).join(' ')
}
