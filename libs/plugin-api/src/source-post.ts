import type { MediaType } from './media-types.ts'

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject
export interface JsonObject {
  [key: string]: JsonValue
}

/** Strongest first. */
export const MEDIA_ROLES = ['content', 'thumbnail', 'article', 'reshare', 'avatar'] as const
export type MediaRole = (typeof MEDIA_ROLES)[number]

/** One of several renditions of the same media. */
export interface MediaCandidate {
  readonly url: string
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** Bits per second. */
  readonly bitrate?: number | undefined
  readonly mimeType?: string | undefined
}

/** Facts that the source itself states about the bytes; they are compared after the fetch. */
export interface AttestedBytes {
  /** Hexadecimal. */
  readonly sha256?: string | undefined
  readonly md5?: string | undefined
  readonly byteSize?: number | undefined
}

/** One place in a post's JSON that shows media: a URL, a file of the same export, or both. */
export interface MediaReference {
  /** Required unless `file` or `missing` is set. With `file`, the URL is kept as provenance and is the second choice. */
  readonly url?: string | undefined
  /** Path of a file of the same export, as `Place.resolve` returns it. */
  readonly file?: string | undefined
  /** Set when the export names this file and says that it does not include it. The text is the export's own reason. */
  readonly missing?: string | undefined
  /** Identifies the media within its post when its URL or path may change: a media id, a CID. */
  readonly key?: string | undefined
  readonly role: MediaRole
  /** Claimed by the post; the downloaded bytes decide. */
  readonly mediaType: MediaType
  /** JSON pointer (RFC 6901) into the post: `/media/images/0/url`. */
  readonly pointer: string
  readonly width?: number | undefined
  readonly height?: number | undefined
  readonly durationMs?: number | undefined
  readonly altText?: string | undefined
  readonly blurhash?: string | undefined
  /** Other renditions, best first; each is tried when the ones before it are gone. */
  readonly candidates?: readonly MediaCandidate[] | undefined
  readonly attested?: AttestedBytes | undefined
}

/** Limit per post. A format that may find more should stop here instead of collecting them all first. */
export const MAX_MEDIA_REFERENCES = 10_000

export const POST_LINK_KINDS = ['reply', 'quote', 'reshare', 'thread'] as const

/** Another post that this one refers to, by the urn that a format would give it. */
export interface PostLink {
  readonly kind: (typeof POST_LINK_KINDS)[number]
  readonly urn: string
  readonly url?: string | undefined
}

export interface Author {
  /** Handle, without `@`. */
  readonly username?: string | undefined
  readonly displayName?: string | undefined
  /** The platform's own stable id: a number, a DID. */
  readonly id?: string | undefined
  readonly profileUrl?: string | undefined
}

/** The data that a source format reads from one post. */
export interface SourcePost {
  /**
   * Unique over all platforms and stable across exports. A new row gets it as `posts.urn`. Prefix it with the
   * platform (`x:1234`); only LinkedIn, YouTube and Substack keep their own forms.
   */
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
  /** Default: the format's platform. */
  readonly platform?: string | undefined
  /** Unix time in milliseconds. */
  readonly postedAt: number
  /** The time that the post's id holds, in Unix milliseconds. A difference from `postedAt` of over a minute is recorded. */
  readonly idTime?: number | undefined
  readonly editedAt?: number | undefined
  /** Same as `author.username`, which wins. */
  readonly authorUsername?: string | undefined
  readonly author?: Author | undefined
  readonly text?: string | undefined
  /** BCP 47: `en`, `pt-BR`. */
  readonly language?: string | undefined
  readonly contentWarning?: string | undefined
  /** Without `#`. */
  readonly hashtags?: readonly string[] | undefined
  /** Handles, without `@`. */
  readonly mentions?: readonly string[] | undefined
  readonly links?: readonly PostLink[] | undefined
  readonly postType?: string | undefined
  readonly url?: string | undefined
  readonly totalReactions?: number | undefined
  /** Engagement counts, stored unchanged. */
  readonly stats?: JsonObject | undefined
  readonly media: readonly MediaReference[]
}
