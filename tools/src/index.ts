export { migrateExecutor, verifyExecutor } from './executors.ts'
