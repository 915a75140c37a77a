/** One JSON value of a file that may be a post. */
export interface RawValue {
  /** From 0, in the order of the file. */
  readonly index: number
  /** Of its first byte, in the file as UTF-8. */
  readonly offset: number
  /** All of it; of a value with a problem only its beginning. */
  readonly bytes: Buffer
  readonly problem: 'too_large' | 'too_deep' | 'truncated' | undefined
}

export interface SplitOptions {
  /** Keys of a top-level object whose array holds the values: `{"posts": [...]}`. */
  readonly wrapperKeys: readonly string[]
  /** Every line is a document of its own (NDJSON): a broken one cannot swallow the next. */
  readonly lines?: boolean
  /** Of one value, in bytes. */
  readonly maxBytes?: number
  readonly maxDepth?: number
}
