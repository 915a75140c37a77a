import type { Sql, SqlOptions, SqlResult } from './sql.ts'

/**
 * A statement of a `.sql` file, with the types that PostgreSQL reports for it: call it to run it. Only generated
 * modules (`*.sql.ts`) make them.
 */
export interface Statement<Values extends readonly unknown[], Row extends object> {
  (sql: Sql, ...given: Given<Values>): Promise<SqlResult<Row>>
  /** For tests of its plan. */
  readonly text: string
}

/** A statement without parameters can be called without values. */
type Given<Values extends readonly unknown[]> = Values extends readonly []
  ? [values?: readonly [], options?: SqlOptions]
  : [values: Readonly<Values>, options?: SqlOptions]

export function statement<Values extends readonly unknown[], Row extends object>(
  text: string,
): Statement<Values, Row> {
  const run = (sql: Sql, values?: readonly unknown[], options?: SqlOptions): Promise<SqlResult<Row>> =>
    sql.query<Row>(text, values, options)
  return Object.assign(run, { text })
}
