export { containerEnd, type ContainerEnd } from './container-end.ts'
export { sizedBoxSource } from './sized-box-source.ts'
