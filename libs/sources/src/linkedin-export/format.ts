import {
  InvalidPostError,
  type JsonObject,
  type MediaReference,
  type MediaType,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { utcDate } from '../dates.ts'
import { textOf, urlOf } from '../fields.ts'
import { mediaTypeOfPath } from '../file-types.ts'
import { readIdentity } from '../linkedin/identity.ts'
import { hashtagsIn } from '../text-tags.ts'
import { requireTime, timeInId } from '../times.ts'

/** `Shares.csv` of the archive that LinkedIn itself hands out: the posts of its owner, with their time in UTC. */
export const sourceFormat: SourceFormat = {
  name: 'linkedin-export',
  platform: 'linkedin',
  title: "LinkedIn's own export (Shares.csv)",
  files: [{ path: '**/Shares*.csv', encoding: 'csv' }],
  recognises,
  read,
}

function recognises(post: JsonObject): boolean {
  return typeof post.ShareLink === 'string' && typeof post.Date === 'string' && 'ShareCommentary' in post
}

/** @throws InvalidPostError */
function read(post: JsonObject): SourcePost {
  const link = textOf(post.ShareLink)?.trim() ?? ''
  const [, kind, number] = /urn:li:(share|ugcPost|activity):(\d{1,20})/i.exec(decoded(link)) ?? []
  if (kind === undefined || number === undefined) {
    throw new InvalidPostError('/ShareLink', 'the link names no share, ugcPost or activity', 'no_urn')
  }
  const idTime = timeInId(number, 22n)
  const postedAt = requireTime(utcDate(post.Date) ?? idTime, '/Date')
  const urns = { [`${kind === 'ugcpost' ? 'ugcPost' : kind}_urn`]: number }
  const text = unbroken(textOf(post.ShareCommentary))
  return {
    ...readIdentity({ urn: urns, posted_at: { timestamp: postedAt } }),
    idTime,
    text,
    hashtags: hashtagsIn(text),
    postType: textOf(post.SharedUrl) === undefined ? 'post' : 'article',
    url: urlOf(link),
    media: mediaOf(post),
  }
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link)
  } catch {
    return link
  }
}

/** The export writes a line break as `"` line break `"`, and a quotation mark twice more than CSV asks for. */
function unbroken(text: string | undefined): string | undefined {
  return text
    ?.replace(/"(\r?\n)"/g, '$1')
    .replaceAll('""', '"')
    .trim()
}

function mediaOf(post: JsonObject): MediaReference[] {
  const urls = textOf(post.MediaUrl)?.match(/https?:\/\/[^\s",]+/g) ?? []
  return urls.map((url) => ({ url, role: 'content', mediaType: typeOf(url), pointer: '/MediaUrl' }))
}

function typeOf(url: string): MediaType {
  if (/\/(?:playlist|playback)\/|\/video\//.test(url)) return 'video'
  if (/\/document\//.test(url)) return 'document'
  return mediaTypeOfPath(url) ?? 'image'
}
