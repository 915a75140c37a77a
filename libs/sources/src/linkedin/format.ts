import { InvalidPostError, type JsonObject, type SourceFormat, type SourcePost } from '@mediakeep/plugin-api'
import { readIdentity } from './identity.ts'
import { integerOf, isObject, textOf } from '../fields.ts'
import { readMedia } from './media.ts'

/** Posts as exported by the scraper apimaestro/linkedin-profile-posts, in current and older formats. */
export const sourceFormat: SourceFormat = {
  name: 'linkedin',
  platform: 'linkedin',
  wrapperKeys: ['matching_elements', 'posts', 'data', 'items'],
  recognises,
  read,
}

function recognises(post: JsonObject): boolean {
  const { urn, activity_id, full_urn, error } = post
  return (
    isObject(urn) ||
    [urn, full_urn].some((value) => typeof value === 'string' && /^(?:urn:li:|\d+$)/.test(value)) ||
    activity_id !== undefined ||
    // Other scrapers describe their errors, too.
    (textOf(error) !== undefined && post.errorDescription === undefined)
  )
}

/** Strict about a post's identity and time; any other unexpected value counts as absent. */
function read(post: JsonObject): SourcePost {
  const { error } = post
  if (error !== undefined && error !== null && error !== false && error !== '') {
    const message = typeof error === 'string' ? error : JSON.stringify(error)
    throw new InvalidPostError('/error', message.slice(0, 500), 'source_error')
  }
  const stats = isObject(post.stats) ? post.stats : undefined
  return {
    ...readIdentity(post),
    authorUsername: isObject(post.author) ? textOf(post.author.username) : undefined,
    text: textOf(post.text),
    postType: textOf(post.post_type),
    url: textOf(post.url) ?? textOf(post.post_url),
    totalReactions: integerOf(stats?.total_reactions),
    stats,
    media: readMedia(post),
  }
}
