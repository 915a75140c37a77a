/** One way in which a database can drift from its contract. */
export interface Mutation {
  /** What verification has to name. */
  readonly object: string
  /** Kind and property: `column default`. */
  readonly property: string
  /** SQL, of a superuser: some of it writes the catalogue itself, as a failed command leaves it. */
  readonly sql: string
  /** How verification has to rate it; as an error when absent. */
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
