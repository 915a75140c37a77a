import {
  InvalidPostError,
  type JsonObject,
  type MediaType,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, textOf, urlOf, type References } from '../fields.ts'
import { mediaTypeOfPath } from '../file-types.ts'
import { readIdentity } from '../linkedin/identity.ts'
import { hashtagsIn } from '../text-tags.ts'
import { requireTime, timeInId, utcDate } from '../times.ts'

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
  const text = unbroken(textOf(post.ShareCommentary))
  return {
    ...readName(decoded(link), utcDate(post.Date)),
    text,
    hashtags: hashtagsIn(text),
    postType: textOf(post.SharedUrl) === undefined ? 'post' : 'article',
    url: urlOf(link),
    media: collectMedia(mediaOf(post)),
  }
}

type Named = Pick<SourcePost, 'urn' | 'fullUrn' | 'identity' | 'otherUrns' | 'postedAt' | 'idTime'>

/** A post in a group is named by the group and its own number, every other one by its number alone. */
function readName(link: string, stated: number | undefined): Named {
  const [urn, kind, group, number] =
    /urn:li:(share|ugcPost|activity|groupPost):(?:(\d{1,20})-)?(\d{1,20})/.exec(link) ?? []
  if (urn === undefined || kind === undefined || number === undefined) {
    throw new InvalidPostError(
      '/ShareLink',
      'the link names no share, ugcPost, activity or groupPost',
      'no_urn',
    )
  }
  const idTime = timeInId(number, 22n)
  const postedAt = requireTime(stated ?? idTime, '/Date')
  if (group !== undefined || kind === 'groupPost') return { urn, fullUrn: urn, idTime, postedAt }
  return { ...readIdentity({ urn: { [`${kind}_urn`]: number }, posted_at: { timestamp: postedAt } }), idTime }
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link)
  } catch {
    return link
  }
}

/** The export writes a line break as `"` line break `"`, within the text. */
function unbroken(text: string | undefined): string | undefined {
  return text?.replace(/"(\r?\n)"/g, '$1').trim()
}

function* mediaOf(post: JsonObject): References {
  for (const [url] of (textOf(post.MediaUrl) ?? '').matchAll(/https?:\/\/[^\s",]+/g))
    yield { url, role: 'content', mediaType: typeOf(url), pointer: '/MediaUrl' }
}

function typeOf(url: string): MediaType {
  if (/\/(?:playlist|playback)\/|\/video\//.test(url)) return 'video'
  if (/\/document\//.test(url)) return 'document'
  return mediaTypeOfPath(url) ?? 'image'
}
