export { openPool, type Pool, type PoolOptions } from './pool.ts'
export { listen, type Listening } from './listen.ts'
