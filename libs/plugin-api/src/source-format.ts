import type { JsonObject, JsonValue, SourcePost } from './source-post.ts'

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

/**
 * How the items of a file are written.
 * - `json`: JSON or NDJSON. Default.
 * - `javascript`: JSON after an assignment, `window.YTD.tweets.part0 = [...]`.
 * - `csv`: comma- or tab-separated with a header; an item has the columns as text.
 * - `text`: lines; an item is `{ "text": "...", "line": 7 }` and begins at each line that `startsItem` accepts.
 * - `binary`: bytes that only the format can read, by the rule's `decode`.
 * - `file`: the file itself; an item is `{ "path", "sha256", "byteSize", "modifiedAt" }` (Unix milliseconds).
 */
export const FILE_ENCODINGS = ['json', 'javascript', 'csv', 'text', 'binary', 'file'] as const
export type FileEncoding = (typeof FILE_ENCODINGS)[number]

/** Which files of an export hold a format's posts, and where in them. Applies to this format only. */
export interface FileRule {
  /** Glob on the path within the export: `data/tweets.js`, `**\/posts_*.json`, `*.info.json`. Default: any file. */
  readonly path?: string | undefined
  readonly encoding?: FileEncoding | undefined
  /** JSON pointer of the posts, `*` for each member: `/chats/list/*\/messages`. Default: the array, lines or object at the root. */
  readonly posts?: string | undefined
  /** JSON pointers read before the posts, at most 1 MiB together: `/includes`, `/name`. See `Place.kept`. */
  readonly keep?: readonly string[] | undefined
  /** For `text`. */
  readonly startsItem?: ((line: string) => boolean) | undefined
  /**
   * For `binary`: gives the items of a file. Must stop reading when it has enough, and must not collect the whole file.
   * An error that it throws makes the file one error, after the items before it.
   */
  readonly decode?: ((bytes: AsyncIterable<Uint8Array>) => AsyncIterable<JsonObject>) | undefined
}

/** Where an item was found, and read-only facts of its file and export. */
export interface Place {
  /** Path of the file within the export, with `/`; for a single file, its name. */
  readonly path: string
  /** Values that the rule's `keep` named, by pointer. */
  readonly kept: Readonly<Record<string, JsonValue>>
  /** For posts at `*` of `FileRule.posts`: the objects around the item, outermost first, without their arrays of items. */
  readonly around: readonly JsonObject[]
  /** Whole files that the format's `facts` named and the export has, by the path in `facts`. */
  readonly facts: Readonly<Record<string, JsonValue>>
  /** When the collector saw the item, in Unix milliseconds, if an envelope says so. */
  readonly seenAt?: number | undefined
  /**
   * Finds a file of the export by a path relative to the export's root or to the item's file. Returns its path, or
   * undefined when the export does not have it. Paths that lead out of the export are not found.
   */
  resolve(path: string): string | undefined
  /** Files in the item's folder whose names begin with `prefix`, sorted. */
  beside(prefix: string): readonly string[]
}

/** An item that is no post and no failure (a like, a boost, a deleted post); counted by reason. */
export interface SkippedItem {
  readonly skip: string
}

/** The post inside an item of an envelope such as Zeeschuimer's; recognised again, by every format. */
export interface UnwrappedItem {
  readonly post: JsonObject
  /** JSON pointer of the post in the item: `/data`. */
  readonly pointer: string
  readonly seenAt?: number | undefined
  /** Only these formats are asked, by name. Default: all. */
  readonly formats?: readonly string[] | undefined
}

/** A source format describes the posts of one kind of export. A plugin module exports one as `sourceFormat`. */
export interface SourceFormat {
  /** Lower case, unique: `linkedin`. */
  readonly name: string
  /** Written to `posts.platform`, unless a post names another. */
  readonly platform: string
  /** One line for `import --help` and for errors: `X archive (zip from x.com/settings)`. */
  readonly title?: string | undefined
  /** First version: top-level keys that may hold the posts (`{"matching_elements": [...]}`), in JSON files. */
  readonly wrapperKeys?: readonly string[] | undefined
  /** Default: every JSON file, posts at the root or under `wrapperKeys`. */
  readonly files?: readonly FileRule[] | undefined
  /** Files of the export read before its posts, at most 1 MiB each: `data/account.js`. See `Place.facts`. */
  readonly facts?: readonly FileRule[] | undefined
  /** For envelopes. Must not throw. */
  unwrap?(item: JsonObject, place: Place): UnwrappedItem | SkippedItem | undefined
  /** Returns true when an item looks like this format. Must not throw, must not accept other formats' items. */
  recognises(post: JsonObject, place: Place): boolean
  /** @throws InvalidPostError */
  read(post: JsonObject, place: Place): SourcePost | SkippedItem
}
