export type { PipelineStats as Stats } from '@mediakeep/pipeline'
export type { Actions, OpenMedia } from './actions.ts'
export { startApi, type Api, type ApiOptions } from './start-api.ts'
