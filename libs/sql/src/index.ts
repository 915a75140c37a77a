export { batcher, type BatcherOptions } from './batcher.ts'
export type { Database, Sql, SqlOptions, SqlResult } from './sql.ts'
export { isTransient } from './transient.ts'
