/**
 * The objects that our code expects in a database, in PostgreSQL's own notation: types as `format_type` prints them,
 * everything else as `pg_get_expr`, `pg_get_indexdef`, `pg_get_constraintdef`, `pg_get_viewdef` and the like print it
 * with the search path `pg_catalog`. Verification ignores every object that the contract does not name, with one
 * exception: objects that would break our writes or expose our rows on tables in schemas that are wholly ours.
 */
export interface SchemaContract {
  /** Schemas that are wholly ours, each with its comment; an empty comment is not compared. */
  readonly schemas?: Readonly<Record<string, string>>
  /** Tables, partitions and views. */
  readonly tables: readonly TableContract[]
  /** Extensions and the versions that the migrations install. */
  readonly extensions?: Readonly<Record<string, string>>
  /** `shop.mood`: its values, in order. */
  readonly enums?: Readonly<Record<string, readonly string[]>>
  readonly domains?: Readonly<Record<string, DomainContract>>
  /** Composite and range types: the text after AS, `(amount numeric, currency text)`. */
  readonly types?: Readonly<Record<string, string>>
  /** `mediakeep.name(text, integer)`: the full CREATE FUNCTION statement. */
  readonly functions?: Readonly<Record<string, string>>
  /** `function mediakeep.name(text)`, `sequence mediakeep.name`, `type mediakeep.name`: the comment. */
  readonly comments?: Readonly<Record<string, string>>
  /** `mediakeep.name`: `bigint start 1 increment 1 minimum 1 maximum 100 cache 1 [cycle] [owned by table.column]` */
  readonly sequences?: Readonly<Record<string, string>>
  /** `table shop.things`: its owner, if it is not the role that owns most objects. Compared on request. */
  readonly owners?: Readonly<Record<string, string>>
  /** `table shop.things`: `grant SELECT to reader`, `revoke EXECUTE from public`. Compared on request. */
  readonly grants?: Readonly<Record<string, readonly string[]>>
  readonly invariants?: readonly Invariant[]
}

export interface DomainContract {
  /** Written like a column: `text not null default 'new'::text` */
  readonly type: string
  readonly constraints?: Readonly<Record<string, string>>
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
  /** Name with its schema. */
  readonly table: string
  readonly comment?: string
  /** A view's query, after its options: `with (security_invoker=true) SELECT …`. A view lists no columns here. */
  readonly view?: string
  /** A materialized view's query, in the same form. */
  readonly materializedView?: string
  /** Partition key, for a partitioned table: `RANGE (made_at)` */
  readonly partitionBy?: string
  /** Parent and bounds, for a partition: `shop.things FOR VALUES FROM (1) TO (100)`. Omits what it inherits. */
  readonly partitionOf?: string
  /** `enabled` or `enabled and forced`; default disabled. */
  readonly rowSecurity?: string
  /** The text after ON table: `AS PERMISSIVE FOR SELECT TO public USING (true)` */
  readonly policies?: Readonly<Record<string, string>>
  /** The text after the name. A rule is enabled unless its text begins with `disabled`, `replica` or `always`. */
  readonly rules?: Readonly<Record<string, string>>
  /** Keyed by name with schema. The text after the name: `(ndistinct) ON a, b FROM shop.things` */
  readonly statistics?: Readonly<Record<string, string>>
  /** `full`, `nothing`, `using index name`; if absent, PostgreSQL's default. A difference is a warning. */
  readonly replicaIdentity?: string
  /** Storage parameters: `fillfactor=90`. */
  readonly options?: readonly string[]
  /**
   * `type [collate name] [not null] [default expression]`. In place of the default: `generated always as (expression)
   * stored` or `generated always|by default as identity`. A column must not have a default that is not listed here.
   */
  readonly columns?: Readonly<Record<string, string>>
  /** Comments on columns. */
  readonly comments?: Readonly<Record<string, string>>
  readonly constraints?: Readonly<Record<string, string>>
  /** Constraints by definition, whatever their names, for tables that others created. */
  readonly unnamedConstraints?: readonly string[]
  /** The text after USING, prefixed with `unique` if it is: `unique btree (post_id, source_key)`. */
  readonly indexes?: Readonly<Record<string, string>>
  /** The text after the name. Enabled, unless it begins with `disabled`, `replica` or `always`. */
  readonly triggers?: Readonly<Record<string, string>>
  /** `index name`, `constraint name`, `trigger name`, `policy name`, `rule name`: the comment. */
  readonly otherComments?: Readonly<Record<string, string>>
}

/** A rule that rows must satisfy, counted in SQL. */
export interface Invariant {
  /** `rows of post_media that are archived without a checksum` */
  readonly name: string
  /** Query that selects the rows that break the rule, using any suitable index; they are counted up to a limit. */
  readonly violations: string
  readonly severity: Severity
  /** SQL or a command that fixes it. */
  readonly mend?: string
}

/** `error`: the code cannot rely on the database. `warning`: it can, but the operator should know. */
export type Severity = 'error' | 'warning'

/** One line of a verification report. */
export interface Check {
  /** `index public.idx_media_md5_sum` */
  readonly object: string
  readonly expected: string
  readonly actual: string
  readonly ok: boolean
  /** Severity if not ok. */
  readonly severity: Severity
  /** SQL or a command that fixes it, if there is one. */
  readonly mend?: string
}
