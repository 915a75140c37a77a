import type { PostLink } from '@mediakeep/plugin-api'
import { textOf, urlOf, type Value } from '../fields.ts'
import { timeInId } from '../times.ts'

/** The urn of a post by its ActivityPub id, which the archive and the API of any server agree on. */
export function urnOf(id: string): string {
  return `mastodon:${id}`
}

/** Mastodon's ids count milliseconds above 16 bits. Those of other software are not of digits, or give no such time. */
export function timeInUri(uri: string): number | undefined {
  const [, id] = /\/(?:statuses|ap\/users\/\d+\/statuses)\/(\d{15,20})(?:\/activity)?$/.exec(uri) ?? []
  return id === undefined ? undefined : timeInId(id, 16n)
}

export function linkTo(kind: PostLink['kind'], uri: Value, url?: Value): PostLink[] {
  const id = urlOf(uri)
  return id === undefined ? [] : [{ kind, urn: urnOf(id), url: urlOf(url) ?? id }]
}

/** A handle without the first `@`; those of other servers keep their host. */
export function handleOf(value: Value): string | undefined {
  return textOf(textOf(value)?.replace(/^@/, ''))
}

/** Returns the part of a path or URL that is the same in the archive, on the origin, in its bucket and in caches. */
export function attachmentKey(path: string | undefined): string | undefined {
  return /media_attachments\/files\/[\d/]+\/original\/[^/?]+/.exec(path ?? '')?.[0]
}
