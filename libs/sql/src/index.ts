export { batcher, type BatcherOptions } from './batcher.ts'
export type { Database, Sql, SqlOptions, SqlResult } from './sql.ts'
export { storableText } from './storable-text.ts'
export { isTransient } from './transient.ts'
