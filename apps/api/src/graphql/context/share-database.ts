import type { Database } from '@mediakeep/sql'
import { FairTurns } from './fair-turns.ts'

/** Statements of queries that run at once. Two connections of the pool stay free for tokens and mutations. */
const MAX_STATEMENTS = 8
/** Statements that one operation runs at once. */
const MAX_STATEMENTS_EACH = 2
/** Those of them that read many rows. */
const MAX_SLOW_STATEMENTS = 4
/** Those of them that may return many megabytes. */
const MAX_LARGE_STATEMENTS = 2

/**
 * Shares the connections of the database between queries. Without turns, a few queries with many large lists would
 * keep everybody else waiting for seconds.
 *
 * @returns a function that makes one operation's database
 */
export function shareDatabase(): (db: Database) => Database {
  const all = new FairTurns({ atOnce: MAX_STATEMENTS, each: MAX_STATEMENTS_EACH })
  const slow = new FairTurns({ atOnce: MAX_SLOW_STATEMENTS, each: 1 })
  const large = new FairTurns({ atOnce: MAX_LARGE_STATEMENTS, each: 1 })
  return (db) => {
    const inTurn = all.forOperation()
    const byWeight = { slow: slow.forOperation(), large: large.forOperation() }
    return {
      query: (text, values, options) => {
        const run = (): ReturnType<typeof db.query<never>> =>
          inTurn(() => db.query<never>(text, values, options))
        return options?.weight ? byWeight[options.weight](run) : run()
      },
      transaction: (work) => inTurn(() => db.transaction(work)),
    }
  }
}
