/** One JSON value of a file that may be a post. */
export interface RawValue {
  /** From 0, in file order. */
  readonly index: number
  /** Position of its first byte, in the file as UTF-8. */
  readonly offset: number
  /** The whole value, or only its beginning if it has a problem. */
  readonly bytes: Buffer
  readonly problem: 'too_large' | 'too_deep' | 'truncated' | undefined
}

/** A value that is no JSON in its file, such as the row of a table. */
export function rawValueOf(value: object, index: number): RawValue {
  return { index, offset: 0, bytes: Buffer.from(JSON.stringify(value)), problem: undefined }
}

export interface SplitOptions {
  /** Keys of a top-level object whose array holds the values: `{"posts": [...]}`. */
  readonly wrapperKeys: readonly string[]
  /** Every line is a separate document (NDJSON): a broken one cannot swallow the next. */
  readonly lines?: boolean
  /** Limit for one value, in bytes. */
  readonly maxBytes?: number
  readonly maxDepth?: number
}
