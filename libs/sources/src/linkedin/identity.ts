import { InvalidPostError, type JsonObject, type JsonValue, type SourcePost } from '@mediakeep/plugin-api'
import { isObject, textOf } from '../fields.ts'
import { requireTime, timeInId } from '../times.ts'

/** A post's identity and when it was posted. */
export type Identity = Required<
  Pick<SourcePost, 'identity' | 'urn' | 'otherUrns' | 'foreignUrns' | 'fullUrn' | 'postedAt'>
>

/** @throws InvalidPostError if the post has no usable urn, or no time in this century */
export function readIdentity(post: JsonObject): Identity {
  const { id, pointer } = readId(post)
  const names = namesOf(post, id)
  const fullUrn = textOf(post.full_urn)
  // A repost's full_urn may name the original, but a repost and its original are two posts.
  const isOwn = fullUrn !== undefined && names.some((name) => numberIn(name) === numberIn(fullUrn))
  const urn = isOwn ? fullUrn : names[0]!
  return {
    identity: id,
    urn,
    otherUrns: [...new Set([...names, id])].filter((other) => other !== urn),
    foreignUrns: fullUrn === undefined || isOwn ? [] : [fullUrn],
    fullUrn: urn,
    postedAt: readPostedAt(post, id, pointer),
  }
}

/** Returns every urn that the post uses for itself; the one that identifies it comes first. */
function namesOf(post: JsonObject, id: string): string[] {
  const own = candidates(post).flatMap(({ value, kind, pointer }) =>
    pointer === '/full_urn' ? [] : (parseUrn(value, kind) ?? []),
  )
  return [...new Set([id, ...own])].map((name) => (/^\d+$/.test(name) ? `urn:li:activity:${name}` : name))
}

function numberIn(urn: string): string | undefined {
  return /\d+$/.exec(urn)?.[0]
}

/** Places where a post may name itself: the current objects first, then the fields of older exports. */
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

/** Returns the activity's number, or a whole `urn:li:share:…` if the post names no activity. */
function readId(post: JsonObject): { id: string; pointer: string } {
  const named = candidates(post).find(({ value }) => value !== undefined && value !== null && value !== '')
  if (!named) throw new InvalidPostError('/urn', 'the post has no urn', 'no_urn')
  const { value, pointer, kind } = named
  const id = parseUrn(value, kind)
  if (id === undefined) throw new InvalidPostError(pointer, 'not a LinkedIn urn or its number', 'invalid_urn')
  return { id, pointer }
}

function parseUrn(value: JsonValue | undefined, kind: string): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value)
  const [, type = kind, id] = /^(?:urn:li:(\w+):)?(\d{1,20})$/.exec(text ?? '') ?? []
  if (id === undefined) return undefined
  return type === 'activity' ? id : `urn:li:${type}:${id}`
}

/** Returns `posted_at.timestamp`, or the time within the id. Never `posted_at.date`, which has no time zone. */
function readPostedAt(post: JsonObject, id: string, idPointer: string): number {
  const stated = isObject(post.posted_at) ? post.posted_at.timestamp : undefined
  const isTime = typeof stated === 'number' || (typeof stated === 'string' && /^-?\d+$/.test(stated))
  // The upper bits of an id are its creation time; the lower 22 distinguish ids of the same millisecond.
  const time = isTime ? Number(stated) : timeInId(numberIn(id)!, 22n)
  return requireTime(time, isTime ? '/posted_at/timestamp' : idPointer)
}
