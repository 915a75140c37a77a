import type { Author, JsonObject, Place, SkippedItem, SourceFormat, SourcePost } from '@mediakeep/plugin-api'
import { collectMedia, isObject, listOf, objectOf, objectsOf, textOf, type References } from '../fields.ts'
import { profileUrl, tweetLink } from '../x/identity.ts'
import { legacyPost } from '../x/legacy.ts'
import { asReshared } from '../reshared.ts'
import { entityMedia, type FileOf } from '../x/media.ts'

const ACCOUNT = '**/account.js'
const FILES = ['tweets', 'tweet', 'community-tweet', 'deleted-tweets'].flatMap((name) => [
  `**/${name}.js`,
  `**/${name}-part*.js`,
])
/** Folders of media, relative to the folder of `tweets.js`; their names changed over the years. */
const MEDIA_FOLDERS = ['tweets_media', 'tweet_media', 'community_tweet_media']

/** The archive that X hands out: `data/tweets.js`, files in `data/tweets_media`, the account in `data/account.js`. */
export const sourceFormat: SourceFormat = {
  name: 'x-archive',
  platform: 'x',
  title: 'X archive (zip or folder, from Settings → Download an archive of your data)',
  files: FILES.map((path) => ({ path, encoding: 'javascript' })),
  facts: [{ path: ACCOUNT, encoding: 'javascript' }],
  recognises: ({ tweet }) => isObject(tweet) && typeof tweet.created_at === 'string' && hasId(tweet),
  read,
}

function hasId({ id_str, id }: JsonObject): boolean {
  return typeof id_str === 'string' || typeof id === 'string'
}

function read(item: JsonObject, place: Place): SourcePost | SkippedItem {
  const tweet = objectOf(item.tweet)
  if (tweet.deleted_at !== undefined) return { skip: 'deleted post' }
  const post = legacyPost(tweet, '/tweet', authorOf(accountOf(place)))
  if (!post.text?.startsWith('RT @')) return { ...post, media: collectMedia(mediaOf(tweet, post.urn, place)) }
  return {
    ...post,
    postType: 'repost',
    links: repostedBy(tweet),
    media: collectMedia(asReshared(mediaOf(tweet, post.urn, place))),
  }
}

/** The archive does not say what a repost repeats; only its media name the original post. */
function repostedBy(tweet: JsonObject): SourcePost['links'] {
  const [media] = objectsOf(objectOf(tweet.extended_entities).media).map(([entity]) => entity)
  return tweetLink('reshare', media?.source_status_id_str)
}

function authorOf(account: JsonObject): Author {
  const username = textOf(account.username)
  return {
    username,
    displayName: textOf(account.accountDisplayName),
    id: textOf(account.accountId),
    profileUrl: profileUrl(username),
  }
}

function* mediaOf(tweet: JsonObject, urn: string, place: Place): References {
  const id = urn.slice('x:'.length)
  const fileOf: FileOf = (urls) => findFile(place, id, urls)
  const extended = objectOf(tweet.extended_entities).media
  // Posts from before 2014 have one picture and no extended entities.
  if (listOf(extended).length > 0) yield* entityMedia(extended, '/tweet/extended_entities/media', fileOf)
  else yield* entityMedia(objectOf(tweet.entities).media, '/tweet/entities/media', fileOf)
}

function findFile(place: Place, id: string, urls: readonly string[]): string | undefined {
  for (const url of urls) {
    const name = url.slice(url.lastIndexOf('/') + 1).replace(/\?.*$/, '')
    if (name === '') continue
    for (const folder of MEDIA_FOLDERS) {
      const file = place.resolve(`${folder}/${id}-${name}`)
      if (file !== undefined) return file
    }
  }
  return undefined
}

/** The facts file is a list of one account. */
function accountOf({ facts }: Place): JsonObject {
  const fact = facts[ACCOUNT]
  return objectOf(objectOf(Array.isArray(fact) ? fact[0] : fact).account)
}
