import type { Pool } from '@mediakeep/postgres'

type Sql = Pick<Pool, 'query'>
type Database = Pick<Pool, 'query' | 'transaction'>

/** Wraps a database so that PostgreSQL's plan for each statement is added to `plans` before it runs. */
export function explaining(database: Database): { readonly db: Database; readonly plans: string[] } {
  const plans: string[] = []
  const explained = (sql: Sql): Sql => ({
    async query(text, values, options) {
      const { rows } = await sql.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${text}`, values)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      return await sql.query(text, values, options)
    },
  })
  const transaction: Database['transaction'] = (work) => database.transaction((sql) => work(explained(sql)))
  return { db: { ...explained(database), transaction }, plans }
}
