export { digestBytes, digestFile, digestOpenFile, digestStream, hashOpenFileSync } from './digest.ts'
export { DigestCounter, type Digests } from './digests.ts'
