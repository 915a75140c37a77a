export { digestBytes, digestFile, digestFileSync, digestStream } from './digest.ts'
export { DigestCounter, type Digests } from './digests.ts'
