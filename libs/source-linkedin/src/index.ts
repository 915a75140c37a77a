export { sourceFormat } from './source-format.ts'
