export { createClient, type ClientOptions, type MediakeepClient } from './create-client.ts'
export type { ConnectionState, Follower, FollowOptions } from './follow.ts'
export * from './generated/documents.ts'
