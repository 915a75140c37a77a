export { openPool, type Pool, type PoolOptions } from './pool.ts'
