export { analyser } from './analyser.ts'
