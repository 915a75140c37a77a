export type { Check, Severity, TableContract } from './contract.ts'
export { exitCodeOf, formatChecks } from './report.ts'
export { indexDefinition, verifySchema } from './verify-schema.ts'
