import type { Fetcher } from '@mediakeep/content'
import { parseAllowHosts } from './allow-hosts.ts'
import { Blocks } from './blocks.ts'
import { Connections } from './connections.ts'
import { copyBytes } from './copy-bytes.ts'
import { DigestThreads } from './digest-threads.ts'
import { download } from './download.ts'
import { FileThreads } from './file-threads.ts'
import { openDnsResolver } from './dns-resolver.ts'
import { parseProxy } from './proxy.ts'
import { cachedResolver, type Resolver } from './resolve.ts'

const MIB = 1024 * 1024
const MAX_CONNECT_MS = 10_000

export interface FetcherOptions {
  /** Time limit for the start of a response, and window for measuring its rate. Default 30,000 ms. */
  readonly timeoutMs?: number | undefined
  /**
   * Time limit of a whole fetch, with redirects and retries, on top of the time its bytes take at the minimum rate.
   * Default 600,000 ms.
   */
  readonly deadlineMs?: number | undefined
  /** A lower rate over `timeoutMs` counts as a stall. Default 32 KiB/s. */
  readonly minBytesPerSecond?: number | undefined
  /** Limit for the file, and for the bytes received for it. Default 100 MiB. */
  readonly maxBytes?: number | undefined
  /** `host:port` entries: hosts whose address and port are not checked. Default none. */
  readonly allowHosts?: readonly string[] | undefined
  /** `http://host:port`: proxy for all connections. It receives only addresses that were checked here. */
  readonly proxy?: string | undefined
  readonly userAgent?: string | undefined
  /** Default: /etc/hosts, then DNS. Answers are cached for five seconds. */
  readonly resolver?: Resolver | undefined
  /** Returns when a URL's signature expires, if the URL says so; separates `expired` from `gone`. */
  readonly expiresAt?: ((url: string) => Date | undefined) | undefined
}

export interface OpenFetcher extends Fetcher {
  /** Closes all connections; active fetches fail. */
  close(): Promise<void>
}

/**
 * Fetches over HTTP/1.1 with connection reuse. `fetch` throws FetchError, or the reason of its signal.
 * @throws TypeError if an entry of `allowHosts` is not `host:port`, or `proxy` is not a valid proxy URL
 */
export function openFetcher(options: FetcherOptions = {}): OpenFetcher {
  const { timeoutMs = 30_000, deadlineMs = 600_000, minBytesPerSecond = 32 * 1024 } = options
  // Half the time, to leave time for a second address.
  const connections = new Connections({
    connectTimeoutMs: Math.min(MAX_CONNECT_MS, timeoutMs / 2),
    proxy: options.proxy === undefined ? undefined : parseProxy(options.proxy),
  })
  const room = {
    blocks: new Blocks(),
    threads: new DigestThreads(),
    files: new FileThreads(),
    isSyncing: false,
  }
  const context = {
    allowed: parseAllowHosts(options.allowHosts ?? []),
    connections,
    expiresAt: options.expiresAt,
    limits: { timeoutMs, deadlineMs, minBytesPerSecond },
    maxBytes: options.maxBytes ?? 100 * MIB,
    resolver: cachedResolver(options.resolver ?? openDnsResolver()),
    room,
    userAgent: options.userAgent ?? 'Mediakeep/0.1',
  }
  return {
    fetch: (url, path, signal, fetchOptions) => download(context, url, path, signal, fetchOptions),
    copy: (bytes, what, path, fetchOptions) => copyBytes(context, { bytes, what, path }, fetchOptions),
    async close() {
      connections.close()
      await Promise.all([room.threads.close(), room.files.close()])
    },
  }
}
