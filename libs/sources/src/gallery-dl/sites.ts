import type { JsonObject, SourcePost } from '@mediakeep/plugin-api'
import { digitsOf, textOf, type Value } from '../fields.ts'
import { idOfShortcode, timeOfId } from '../instagram/ids.ts'
import { firstText, valueAt } from '../objects.ts'
import { timeOfTikTokId } from '../tiktok/ids.ts'
import { tweetLink, tweetTime, tweetUrl } from '../x/identity.ts'

/** How a site's posts are named here. Without an entry, the site's own name and `post_id` or `id` are. */
export interface Site {
  readonly platform: string
  readonly id: string | undefined
  readonly urn?: string | undefined
  readonly idTime?: number | undefined
  readonly url?: string | undefined
  /** The file's own id at the site. */
  readonly mediaId?: string | undefined
  readonly links?: SourcePost['links']
}

type Reader = (item: JsonObject) => Site

const SITES: Readonly<Record<string, Reader>> = {
  twitter: readX,
  instagram: readInstagram,
  tiktok: readTikTok,
  bluesky: readBluesky,
  reddit: readReddit,
  mastodon: readMastodon,
}

export function readSite(item: JsonObject): Site {
  const category = textOf(item.category)?.toLowerCase() ?? ''
  const reader = Object.hasOwn(SITES, category) ? SITES[category] : undefined
  if (reader) return reader(item)
  const id = idOf(item.post_id) ?? idOf(item.id) ?? idOf(item[`${category}_id`]) ?? idOf(item.gallery_id)
  return { platform: category.split(':').at(-1)!, id }
}

function idOf(value: Value): string | undefined {
  return digitsOf(value) ?? textOf(value)
}

function readX(item: JsonObject): Site {
  const id = idOf(item.tweet_id)
  const name = firstText(valueAt(item, 'author', 'name'), valueAt(item, 'user', 'name'))
  const links = (
    [
      ['reply', item.reply_id],
      ['quote', item.quote_id],
      ['reshare', item.retweet_id],
    ] as const
  ).flatMap(([kind, other]) => (digitsOf(other) === '0' ? [] : tweetLink(kind, other)))
  return {
    platform: 'x',
    id,
    idTime: id === undefined ? undefined : tweetTime(id),
    url: id === undefined || name === undefined ? undefined : tweetUrl(id, name),
    mediaId: idOf(item.media_id) ?? idOf(item.filename),
    links: links.length === 0 ? undefined : links,
  }
}

function readInstagram(item: JsonObject): Site {
  const code = textOf(item.post_shortcode) ?? textOf(item.shortcode)
  const id = digitsOf(item.post_id) ?? (code === undefined ? undefined : idOfShortcode(code))
  return {
    platform: 'instagram',
    id,
    idTime: id === undefined ? undefined : timeOfId(id),
    url: textOf(item.post_url),
    mediaId: idOf(item.media_id),
  }
}

function readTikTok(item: JsonObject): Site {
  const id = idOf(item.id)
  return { platform: 'tiktok', id, idTime: id === undefined ? undefined : timeOfTikTokId(id) }
}

/** A post's URI holds its author and its key. */
function readBluesky(item: JsonObject): Site {
  const id = textOf(item.post_id)
  const uri = textOf(item.uri)
  return { platform: 'bluesky', id, urn: uri?.startsWith('at://did:') ? `bluesky:${uri}` : undefined }
}

function readReddit(item: JsonObject): Site {
  const id = textOf(item.id)
  const link = textOf(item.permalink)
  return {
    platform: 'reddit',
    id,
    urn: id === undefined ? undefined : `reddit:t3_${id}`,
    url: link?.startsWith('/') ? `https://www.reddit.com${link}` : undefined,
  }
}

/** Its ActivityPub id is the same on every server. */
function readMastodon(item: JsonObject): Site {
  const uri = textOf(item.uri)
  return {
    platform: 'mastodon',
    id: idOf(item.id),
    urn: uri === undefined ? undefined : `mastodon:${uri}`,
    url: textOf(item.url),
  }
}
