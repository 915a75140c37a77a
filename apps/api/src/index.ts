export type { PipelineStats as Stats } from '@mediakeep/pipeline'
export type { Actions, OpenMedia } from './ports/actions.ts'
export { UnguardedServerError } from './access/guarded.ts'
export {
  ManifestError,
  readPersistedOperations,
  type PersistedOperations,
} from './graphql/server/persisted-operations.ts'
export { startApi, type Api, type ApiOptions } from './start-api.ts'
