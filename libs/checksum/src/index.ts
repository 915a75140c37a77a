export { DigestCounter, type Digests } from './digests.ts'
