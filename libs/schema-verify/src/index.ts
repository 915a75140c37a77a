export type { Check, Severity, TableContract } from './contract.ts'
export { exitCodeOf, formatChecks } from './report.ts'
export { verifySchema } from './verify-schema.ts'
