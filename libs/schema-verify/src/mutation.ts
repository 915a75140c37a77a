/** One way in which a database can drift from its contract. */
export interface Mutation {
  /** The object that verification must name. */
  readonly object: string
  /** Object kind and property: `column default`. */
  readonly property: string
  /** SQL, run as a superuser: some of it writes to the catalogue directly, to imitate a failed command. */
  readonly sql: string
  /** Severity that verification must report; default error. */
  readonly severity?: 'warning'
}

export const mutation = (object: string, property: string, sql: string): Mutation => ({
  object,
  property,
  sql,
})

export function ofComment(object: string, target: string): Mutation[] {
  return [
    mutation(`comment on ${object}`, 'comment', `COMMENT ON ${target} IS NULL`),
    mutation(`comment on ${object}`, 'comment', `COMMENT ON ${target} IS 'something else'`),
  ]
}
