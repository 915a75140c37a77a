/** The result of a statement. */
export interface SqlResult<Row> {
  readonly rows: Row[]
  /** Number of rows returned, or changed by a statement that returns none. */
  readonly rowCount: number
}

export interface SqlOptions {
  /**
   * For a long statement that is run often, with few different texts: the connection keeps its plan. The plan does not
   * use the parameters' values; a `LIMIT $1` is estimated as a tenth of the rows.
   */
  readonly prepare?: boolean
  /** The transaction's last statement: COMMIT follows immediately, so its result can no longer cause a rollback. */
  readonly isLast?: boolean
  /**
   * `large`: the rows may have many megabytes together. `slow`: reads many rows, as a count or a search. A database that
   * shares its connections between clients runs few of them at once.
   */
  readonly weight?: 'large' | 'slow' | undefined
}

/** Runs one SQL statement with `$1`-style parameters. Implemented by pools, clients and transactions. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: SqlOptions,
  ): Promise<SqlResult<Row>>
}

/** A database that also runs transactions. Domain libs depend on this, never on a driver. */
export interface Database extends Sql {
  /**
   * Runs `work` in one transaction on one connection: commits when it resolves, rolls back when it rejects.
   * Do no network or file I/O inside.
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>
}

/** A database whose work can be cancelled. */
export interface CancellableDatabase extends Database {
  /**
   * Returns the same database for one piece of work. When the signal aborts, running statements are cancelled in the
   * database too, and reject with the signal's reason.
   */
  cancelledBy(signal: AbortSignal): Database
}
