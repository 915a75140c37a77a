export { digestBytes, digestFile, digestOpenFile, hashOpenFileSync } from './digest.ts'
export { DigestCounter, type Digests } from './digests.ts'
