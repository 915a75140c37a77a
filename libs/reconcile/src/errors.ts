/** Row-level security hides rows from the reconciling role. Nothing in the batch was changed. */
export class HiddenRowsError extends Error {
  override readonly name = 'HiddenRowsError'
  readonly code = 'reconcile_hidden_rows'
  /** Quoted, including schemas. */
  readonly tables: readonly string[]

  constructor(tables: readonly string[], role: string) {
    super(
      `Row-level security hides rows of ${tables.join(', ')} from the role ${role}. Duplicate media cannot be merged ` +
        `without losing hidden rows that refer to them, so nothing was changed. Use a role that sees all rows: ` +
        `ALTER ROLE ${role} BYPASSRLS, or connect as another role`,
    )
    this.tables = tables
  }
}

/** Another program's rows refer to a duplicate in a way that cannot follow its survivor. Nothing was changed. */
export class ReferencedDuplicatesError extends Error {
  override readonly name = 'ReferencedDuplicatesError'
  readonly code = 'reconcile_referenced_duplicates'
  /** The referring table, quoted, including its schema. */
  readonly table: string

  constructor(table: string, referred: string, count: number) {
    super(
      `${count} rows of ${table} refer to rows of ${referred} that merging duplicate media would delete, and the ` +
        `foreign key would delete or clear them too. Nothing was changed. Point these rows at the media that stays, ` +
        `or delete them, then run it again`,
    )
    this.table = table
  }
}
