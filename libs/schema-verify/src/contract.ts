/**
 * What code believes of a database, in PostgreSQL's own words: types as `format_type` prints them, expressions,
 * indexes and constraints as `pg_get_expr`, `pg_get_indexdef` and `pg_get_constraintdef` print them under the
 * search path `pg_catalog`. What is not named is never looked at.
 *
 * @example
 * const posts: TableContract = {
 *   table: 'public.posts',
 *   columns: { post_id: 'text not null', is_read: 'boolean default false' },
 *   indexes: { idx_posts_urn: 'btree (urn)' },
 *   constraints: { posts_pkey: 'PRIMARY KEY (post_id)' },
 * }
 */
export interface TableContract {
  /** With its schema. */
  readonly table: string
  readonly comment?: string
  /** `type [not null] [default expression]`; a default that is not written must not be there. */
  readonly columns?: Readonly<Record<string, string>>
  /** Of columns whose nullability and default are somebody else's affair, the type. */
  readonly columnTypes?: Readonly<Record<string, string>>
  readonly comments?: Readonly<Record<string, string>>
  readonly constraints?: Readonly<Record<string, string>>
  /** Constraints by definition, whatever their names. */
  readonly unnamedConstraints?: readonly string[]
  /** What follows USING, behind `unique` where it is: `unique btree (post_id, source_key)`. */
  readonly indexes?: Readonly<Record<string, string>>
  /** Indexes that only speed things up: a difference is a warning. */
  readonly helpfulIndexes?: Readonly<Record<string, string>>
}

/** `error`: the code cannot rely on the database. `warning`: it can, but somebody should know. */
export type Severity = 'error' | 'warning'

/** One line of a verification. */
export interface Check {
  /** `index public.idx_media_md5_sum` */
  readonly object: string
  readonly expected: string
  readonly actual: string
  readonly ok: boolean
  /** How bad it is if not ok. */
  readonly severity: Severity
  /** SQL or a command that would put it right, where there is one. */
  readonly mend?: string
}
