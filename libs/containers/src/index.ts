export {
  ContainerError,
  type Container,
  type Member,
  type ProblemCode,
  type RefusedMember,
} from './container.ts'
export { decompress, innerName } from './decompress.ts'
export { openContainer } from './open-container.ts'
