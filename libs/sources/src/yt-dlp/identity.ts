import { InvalidPostError, type JsonObject, type SourcePost } from '@mediakeep/plugin-api'
import { digitsOf, textOf } from '../fields.ts'
import { idOfShortcode, readMetaId } from '../instagram/ids.ts'
import { requireTime, unixTime, utcDate } from '../times.ts'
import { timeOfTikTokId } from '../tiktok/ids.ts'
import { tweetTime } from '../x/identity.ts'

type Identity = Pick<SourcePost, 'urn' | 'otherUrns' | 'platform' | 'idTime' | 'postedAt'>
type Named = Omit<Identity, 'postedAt'>

/** Reads a video's name and time, under the platform of its extractor. @throws InvalidPostError */
export function readIdentity(info: JsonObject): Identity {
  const named = readName(info)
  const stated =
    unixTime(info.timestamp) ??
    unixTime(info.release_timestamp) ??
    named.idTime ??
    dayOf(info.upload_date) ??
    dayOf(info.release_date) ??
    // The time when it was extracted: the post is no younger.
    unixTime(info.epoch)
  return { ...named, postedAt: requireTime(stated, '/timestamp') }
}

function readName(info: JsonObject): Named {
  const extractor = (textOf(info.extractor) ?? textOf(info.extractor_key) ?? '').toLowerCase()
  const platform = /^[a-z0-9.-]+/.exec(extractor)?.[0]
  const id = textOf(info.id) ?? digitsOf(info.id)
  if (platform === undefined || id === undefined)
    throw new InvalidPostError('/id', 'no extractor or no id', 'no_urn')
  switch (platform) {
    case 'youtube':
      // As the original tool names it.
      return { platform, urn: id }
    case 'twitter': {
      const tweet = digitsOf(info.display_id) ?? id
      return { platform: 'x', urn: `x:${tweet}`, idTime: tweetTime(tweet) }
    }
    case 'tiktok':
      return { platform, urn: `tiktok:${id}`, idTime: timeOfTikTokId(id) }
    case 'instagram': {
      const code = textOf(info.display_id) ?? id
      if (idOfShortcode(code) === undefined) return { platform, urn: `instagram:${id}` }
      const { urn, otherUrns, idTime } = readMetaId({ code }, 'instagram')
      return { platform, urn, otherUrns, idTime }
    }
    case 'reddit':
      return { platform, urn: `reddit:t3_${textOf(info.display_id) ?? id}` }
    default:
      return { platform, urn: `${platform}:${id}` }
  }
}

function dayOf(value: JsonObject[string] | undefined): number | undefined {
  const day = /^(\d{4})(\d\d)(\d\d)$/.exec(textOf(value) ?? '')
  return day ? utcDate(`${day[1]!}-${day[2]!}-${day[3]!}`) : undefined
}
