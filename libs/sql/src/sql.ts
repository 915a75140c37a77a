/** What a statement returned. */
export interface SqlResult<Row> {
  readonly rows: Row[]
  /** Rows returned, or touched by a statement that returns none. */
  readonly rowCount: number
}

export interface SqlOptions {
  /**
   * The statement is long, and run often with few texts: the connection keeps its plan. The plan is made without
   * knowing the parameters; a `LIMIT $1` counts for a tenth of the rows.
   */
  readonly prepare?: boolean
  /** The last statement of its transaction, which is committed right behind it. Its answer must refuse nothing any more. */
  readonly isLast?: boolean
}

/** Runs one SQL statement with `$1`-style parameters. A pool, a client and a transaction all are one. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: SqlOptions,
  ): Promise<SqlResult<Row>>
}

/** A database that also runs transactions. Domain libs take this, never a driver. */
export interface Database extends Sql {
  /**
   * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it rejects.
   * No network or file I/O belongs inside.
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>
}

/** A database whose work somebody may stop waiting for. */
export interface CancellableDatabase extends Database {
  /**
   * The same database for one piece of work. When the signal aborts, what runs is cancelled in the database too, and
   * rejects with the signal's reason.
   */
  cancelledBy(signal: AbortSignal): Database
}
