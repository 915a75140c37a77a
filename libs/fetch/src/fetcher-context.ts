import type { AllowedHosts } from './allow-hosts.ts'
import type { Connections } from './connections.ts'
import type { SinkRoom } from './file-sink.ts'
import type { Resolver } from './resolve.ts'
import type { Limits } from './stall-timer.ts'

/** State shared by all fetches of one fetcher. */
export interface FetcherContext {
  readonly allowed: AllowedHosts
  readonly connections: Connections
  readonly expiresAt: ((url: string) => Date | undefined) | undefined
  readonly limits: Limits
  readonly maxBytes: number
  readonly resolver: Resolver
  readonly room: SinkRoom
  readonly userAgent: string
}
