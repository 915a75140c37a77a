import type { MediaType } from './media-types.ts'

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue
}

/** Strongest first. */
export const MEDIA_ROLES = ['content', 'thumbnail', 'article', 'reshare', 'avatar'] as const
export type MediaRole = (typeof MEDIA_ROLES)[number]

/** One place in a post's JSON that shows media. */
export interface MediaReference {
  readonly url: string
  readonly role: MediaRole
  /** The post's claim; the bytes decide later. */
  readonly mediaType: MediaType
  /** JSON pointer (RFC 6901) into the post: `/media/images/0/url`. */
  readonly pointer: string
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** Limit per post. A format that may find more should stop here instead of collecting them all first. */
export const MAX_MEDIA_REFERENCES = 10_000

/** The data that a source format reads from one post. */
export interface SourcePost {
  /** Unique within the platform and stable across exports. A new row gets it as `posts.urn`. */
  readonly urn: string
  /** Other urns under which an earlier import or another program may have stored the post. */
  readonly otherUrns?: readonly string[] | undefined
  /** Urns of other posts under which another program may have stored this one, e.g. a repost under its original. */
  readonly foreignUrns?: readonly string[] | undefined
  /**
   * The same in every export of a post, and different for different posts. A row found by urn counts as this post
   * only when its stored JSON has the same identity. Default: `urn`.
   */
  readonly identity?: string | undefined
  readonly fullUrn?: string | undefined
  /** Unix time in milliseconds. */
  readonly postedAt: number
  readonly authorUsername?: string | undefined
  readonly text?: string | undefined
  readonly postType?: string | undefined
  readonly url?: string | undefined
  readonly totalReactions?: number | undefined
  /** Engagement counts, stored unchanged. */
  readonly stats?: JsonObject | undefined
  readonly media: readonly MediaReference[]
}

/** An invalid post, with the reason and its place in the JSON. Thrown by `SourceFormat.read`. */
export class InvalidPostError extends Error {
  override readonly name = 'InvalidPostError'
  readonly code: string
  /** JSON pointer into the post; the empty string means the post itself. */
  readonly pointer: string

  constructor(pointer: string, message: string, code = 'invalid_post') {
    super(message)
    this.pointer = pointer
    this.code = code
  }
}

/** A source format describes the posts of one kind of export. A plugin module exports one as `sourceFormat`. */
export interface SourceFormat {
  /** Lower case, unique: `linkedin`. */
  readonly name: string
  /** Written to `posts.platform`. */
  readonly platform: string
  /** Top-level keys that may hold the posts (`{"matching_elements": [...]}`), in files whose posts it recognises. */
  readonly wrapperKeys: readonly string[]
  /** Returns true when a post looks like this format. Must not throw. */
  recognises(post: JsonObject): boolean
  /** @throws InvalidPostError */
  read(post: JsonObject): SourcePost
}
