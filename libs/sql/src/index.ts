export type { Database, Sql, SqlResult } from './sql.ts'
