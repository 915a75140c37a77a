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
  /** What the post says it is; the bytes decide later. */
  readonly mediaType: MediaType
  /** JSON pointer (RFC 6901) into the post: `/media/images/0/url`. */
  readonly pointer: string
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** Of one post. A format that may find more should stop here, not collect them first. */
export const MAX_MEDIA_REFERENCES = 10_000

/** What a source format reads out of one post. */
export interface SourcePost {
  /** Unique within the platform and stable over exports. A new row gets it as `posts.urn`. */
  readonly urn: string
  /** Other urns of the post, under which an earlier import or another program may have stored it. */
  readonly otherUrns?: readonly string[] | undefined
  /** Urns of other posts under which another program may have stored this one: a repost under its original. */
  readonly foreignUrns?: readonly string[] | undefined
  /**
   * Equal in every export of one post, and different for two posts. A row found by a urn counts as this post only
   * when its stored JSON has the same identity. Default: `urn`.
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
  /** Engagement counts, kept as they stand. */
  readonly stats?: JsonObject | undefined
  readonly media: readonly MediaReference[]
}

/** A post that cannot be taken: where in its JSON, and why. Thrown by `SourceFormat.read`. */
export class InvalidPostError extends Error {
  override readonly name = 'InvalidPostError'
  readonly code: string
  /** JSON pointer into the post; the empty string is the post itself. */
  readonly pointer: string

  constructor(pointer: string, message: string, code = 'invalid_post') {
    super(message)
    this.pointer = pointer
    this.code = code
  }
}

/** A source format: how the posts of one export look. A plugin module exports one as `sourceFormat`. */
export interface SourceFormat {
  /** Lower case, unique: `linkedin`. */
  readonly name: string
  /** Written to `posts.platform`. */
  readonly platform: string
  /** Only for files whose posts this format recognises: top-level keys that may hold the array of posts: `{"matching_elements": [...]}`. */
  readonly wrapperKeys: readonly string[]
  /** Whether a post looks like one of this format. Must not throw. */
  recognises(post: JsonObject): boolean
  /** @throws InvalidPostError */
  read(post: JsonObject): SourcePost
}
