export type { Actions, MediaOutcome, OpenedMedia, OpenMedia, QueuedMedia, Stats } from './actions.ts'
export { startApi, type Api, type ApiOptions } from './start-api.ts'
