import {
  InvalidPostError,
  type JsonObject,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
  type UnwrappedItem,
} from '@mediakeep/plugin-api'
import { isObject, textOf } from '../fields.ts'
import { readGraphPost, readWebPost } from '../instagram/post.ts'
import { valueAt } from '../objects.ts'

const TIMELINES = [
  '/data/xdt_api__v1__feed__user_timeline_graphql_connection/edges/*/node',
  '/data/user/edge_owner_to_timeline_media/edges/*/node',
  '/data/hashtag/edge_hashtag_to_media/edges/*/node',
  '/data/xdt_api__v1__media__shortcode__web_info/items',
  '/items',
]
/** Objects around one post in answers of Instagram's API. */
const AROUND = [
  '/graphql/shortcode_media',
  '/data/shortcode_media',
  '/data/xdt_shortcode_media',
  '/node',
  '/media',
]

/** Posts as Instagram's own pages and apps receive them, recorded by a scraper or a browser extension. */
export const sourceFormat: SourceFormat = {
  name: 'instagram-web',
  platform: 'instagram',
  title: "Posts recorded from Instagram's pages (image_versions2, carousel_media, edge_sidecar_to_children)",
  files: [{}, ...TIMELINES.map((posts) => ({ posts }))],
  unwrap,
  recognises,
  read,
}

function unwrap(item: JsonObject): UnwrappedItem | undefined {
  if (item.instaloader !== undefined) return undefined
  for (const pointer of AROUND) {
    const post = valueAt(item, ...pointer.slice(1).split('/'))
    if (isObject(post) && recognises(post)) return { post, pointer, formats: [sourceFormat.name] }
  }
  return undefined
}

function recognises(post: JsonObject): boolean {
  // Threads has the same fields beside this one.
  return post.text_post_app_info === undefined && (isWeb(post) || isGraph(post))
}

function isWeb(post: JsonObject): boolean {
  const { code, image_versions2, carousel_media, video_versions, display_uri, media_type } = post
  const hasMedia = [image_versions2, carousel_media, video_versions, display_uri].some(
    (media) => media !== undefined,
  )
  return (
    textOf(code) !== undefined &&
    (hasMedia || (typeof media_type === 'number' && post.taken_at !== undefined))
  )
}

function isGraph(post: JsonObject): boolean {
  const marks = ['edge_media_to_caption', 'taken_at_timestamp', 'dimensions', 'is_video', '__typename']
  const isPost =
    marks.some((mark) => post[mark] !== undefined) && (post.display_url ?? post.owner) !== undefined
  return textOf(post.shortcode) !== undefined && isPost
}

function isPromoted({ product_type, link }: JsonObject): boolean {
  return (
    product_type === 'ad' || textOf(link)?.startsWith('https://www.facebook.com/ads/ig_redirect') === true
  )
}

/** @throws InvalidPostError */
function read(post: JsonObject): SourcePost | SkippedItem {
  if (isPromoted(post)) return { skip: 'an advertisement' }
  if (isGraph(post)) return readGraphPost(post)
  if (isWeb(post)) return readWebPost(post)
  throw new InvalidPostError('', 'neither a shortcode nor a code', 'no_urn')
}
