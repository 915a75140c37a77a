import { InvalidPostError, type JsonObject, type JsonValue } from '@mediakeep/plugin-api'
import { isObject, textOf } from './json.ts'

/** Who a post is, and when it was posted. */
export interface Identity {
  /** The activity's number as text; or a whole `urn:li:share:…` where the post names no activity. */
  readonly urn: string
  readonly fullUrn: string
  /** Unix time in milliseconds. */
  readonly postedAt: number
}

/** @throws InvalidPostError when the post has no usable urn, or no time of this century */
export function readIdentity(post: JsonObject): Identity {
  const { urn, pointer } = readUrn(post)
  const isActivity = /^\d+$/.test(urn)
  const fullUrn = textOf(post.full_urn) ?? (isActivity ? `urn:li:activity:${urn}` : urn)
  return { urn, fullUrn, postedAt: readPostedAt(post, urn, pointer) }
}

/** Where a post may name itself: today's objects first, then what older exports wrote. */
function candidates(post: JsonObject): { value: JsonValue | undefined; pointer: string; kind: string }[] {
  const { urn } = post
  const within = isObject(urn) ? urn : {}
  return [
    { value: within.activity_urn, pointer: '/urn/activity_urn', kind: 'activity' },
    { value: isObject(urn) ? undefined : urn, pointer: '/urn', kind: 'activity' },
    { value: post.activity_id, pointer: '/activity_id', kind: 'activity' },
    { value: within.share_urn, pointer: '/urn/share_urn', kind: 'share' },
    { value: within.ugcPost_urn, pointer: '/urn/ugcPost_urn', kind: 'ugcPost' },
    { value: post.full_urn, pointer: '/full_urn', kind: 'activity' },
  ]
}

function readUrn(post: JsonObject): { urn: string; pointer: string } {
  const named = candidates(post).find(({ value }) => value !== undefined && value !== null && value !== '')
  if (!named) throw new InvalidPostError('/urn', 'the post has no urn', 'no_urn')
  const { value, pointer, kind } = named
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value)
  const [, type = kind, id] = /^(?:urn:li:(\w+):)?(\d{1,20})$/.exec(text ?? '') ?? []
  if (id === undefined) throw new InvalidPostError(pointer, 'not a LinkedIn urn or its number', 'invalid_urn')
  return { urn: type === 'activity' ? id : `urn:li:${type}:${id}`, pointer }
}

const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** `posted_at.timestamp`; else the time within the id. Never `posted_at.date`: it has no zone. */
function readPostedAt(post: JsonObject, urn: string, urnPointer: string): number {
  const stated = isObject(post.posted_at) ? post.posted_at.timestamp : undefined
  const isTime = typeof stated === 'number' || (typeof stated === 'string' && /^-?\d+$/.test(stated))
  // The upper bits of an id are its time of creation; the lower 22 tell ids of one millisecond apart.
  const time = isTime ? Math.trunc(Number(stated)) : Number(BigInt(/\d+$/.exec(urn)![0]) >> 22n)
  if (time >= EARLIEST && time < LATEST) return time
  const pointer = isTime ? '/posted_at/timestamp' : urnPointer
  throw new InvalidPostError(pointer, 'not a time between 2000 and 2100 in milliseconds', 'date_out_of_range')
}
