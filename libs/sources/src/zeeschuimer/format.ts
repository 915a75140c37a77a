import {
  InvalidPostError,
  type JsonObject,
  type SkippedItem,
  type SourceFormat,
  type UnwrappedItem,
} from '@mediakeep/plugin-api'
import { isObject, numberOf, textOf } from '../fields.ts'

/** Which formats read the posts of a platform. Those of others are offered to every format, a plugin's too. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  'instagram.com': ['instagram-web'],
  'threads.net': ['threads'],
  'threads.com': ['threads'],
  'tiktok.com': ['tiktok-web'],
  'twitter.com': ['x-web'],
  'x.com': ['x-web'],
}

/** NDJSON of the browser extension Zeeschuimer: an envelope around the posts of many platforms. */
export const sourceFormat: SourceFormat = {
  name: 'zeeschuimer',
  platform: 'zeeschuimer',
  title: 'Zeeschuimer (NDJSON with posts of Instagram, Threads, TikTok, X …)',
  files: [{}],
  unwrap,
  recognises: isEnvelope,
  read,
}

function isEnvelope({ source_platform, data, nav_index, item_id, timestamp_collected }: JsonObject): boolean {
  const isCollected = [nav_index, item_id, timestamp_collected].some((field) => field !== undefined)
  return typeof source_platform === 'string' && isObject(data) && isCollected
}

function unwrap(item: JsonObject): UnwrappedItem | SkippedItem | undefined {
  if (!isEnvelope(item) || !isObject(item.data)) return undefined
  const platform = textOf(item.source_platform) ?? ''
  if (platform.endsWith('-comments')) return { skip: `a comment (${platform})` }
  const formats = Object.hasOwn(FORMATS, platform) ? FORMATS[platform] : undefined
  return { post: item.data, pointer: '/data', seenAt: numberOf(item.timestamp_collected), formats }
}

/** Envelopes are unwrapped; one that is not has nothing to read. */
function read(): never {
  throw new InvalidPostError('/data', 'the envelope has no data', 'no_data')
}
