export { isId, newId, type IdPrefix } from './ids.ts'
