import type { Pool } from '@mediakeep/postgres'

type Sql = Pick<Pool, 'query'>
type Database = Pick<Pool, 'query' | 'transaction'>

/** The database, which notes in `plans` how PostgreSQL goes about each statement before it runs. */
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
