/**
 * What code believes of a database, in PostgreSQL's own words: types as `format_type` prints them, expressions,
 * indexes, constraints, triggers and functions as `pg_get_expr`, `pg_get_indexdef`, `pg_get_constraintdef`,
 * `pg_get_triggerdef` and `pg_get_functiondef` print them under the search path `pg_catalog`. What is not named
 * is never looked at.
 */
export interface SchemaContract {
  /** Schemas that are ours, each with its comment; empty: none is asked for. */
  readonly schemas?: Readonly<Record<string, string>>
  readonly tables: readonly TableContract[]
  /** `mediakeep.name(text, integer)`: the whole CREATE FUNCTION. */
  readonly functions?: Readonly<Record<string, string>>
  /** `function mediakeep.name(text)`, `sequence mediakeep.name`: the comment. */
  readonly comments?: Readonly<Record<string, string>>
  /** `mediakeep.name`: `bigint start 1 increment 1 minimum 1 maximum 100 cache 1 [cycle] [owned by table.column]` */
  readonly sequences?: Readonly<Record<string, string>>
  readonly invariants?: readonly Invariant[]
}

/**
 * @example
 * const posts: TableContract = {
 *   table: 'public.posts',
 *   columns: { post_id: 'text not null', is_read: 'boolean default false' },
 *   constraints: { posts_pkey: 'PRIMARY KEY (post_id)' },
 *   indexes: { idx_posts_urn: 'btree (urn)' },
 *   triggers: { touch: 'BEFORE UPDATE ON public.posts FOR EACH ROW EXECUTE FUNCTION public.touch()' },
 * }
 */
export interface TableContract {
  /** With its schema. */
  readonly table: string
  readonly comment?: string
  /** Storage parameters, `fillfactor=90`. */
  readonly options?: readonly string[]
  /**
   * `type [collate name] [not null] [default expression]`, or `generated always as (expression) stored`, or
   * `generated always|by default as identity` in the default's place. A default that is not written must not be there.
   */
  readonly columns?: Readonly<Record<string, string>>
  /** Of columns. */
  readonly comments?: Readonly<Record<string, string>>
  readonly constraints?: Readonly<Record<string, string>>
  /** Constraints by definition, whatever their names: of tables that others made. */
  readonly unnamedConstraints?: readonly string[]
  /** What follows USING, behind `unique` where it is: `unique btree (post_id, source_key)`. */
  readonly indexes?: Readonly<Record<string, string>>
  /** What follows the name; enabled, unless it begins with `disabled`, `replica` or `always`. */
  readonly triggers?: Readonly<Record<string, string>>
  /** `index name`, `constraint name`, `trigger name`: the comment. */
  readonly otherComments?: Readonly<Record<string, string>>
}

/** A rule that rows keep, counted in SQL. */
export interface Invariant {
  /** `rows of post_media that are archived without a checksum` */
  readonly name: string
  /** Selects the rows that break it, by whatever index finds them; they are counted up to a limit. */
  readonly violations: string
  readonly severity: Severity
  /** SQL or a command that would put it right. */
  readonly mend?: string
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
