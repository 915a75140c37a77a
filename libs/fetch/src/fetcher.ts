import type { Fetcher } from '@mediakeep/content'
import { parseAllowHosts } from './allow-hosts.ts'
import { Blocks } from './blocks.ts'
import { Connections } from './connections.ts'
import { DigestThreads } from './digest-threads.ts'
import { download } from './download.ts'
import { FileThreads } from './file-threads.ts'
import { openDnsResolver } from './dns-resolver.ts'
import { parseProxy } from './proxy.ts'
import { cachedResolver, type Resolver } from './resolve.ts'

const MIB = 1024 * 1024
const MAX_CONNECT_MS = 10_000

export interface FetcherOptions {
  /** Within which a response must begin, and over which its rate is measured. Default 30,000 ms. */
  readonly timeoutMs?: number | undefined
  /**
   * For one whole fetch, redirects and retries included, besides the time that its bytes take at the minimum rate.
   * Default 600,000 ms.
   */
  readonly deadlineMs?: number | undefined
  /** Slower than this over `timeoutMs` is a stall. Default 32 KiB/s. */
  readonly minBytesPerSecond?: number | undefined
  /** Of the file, and of what is sent for it. Default 100 MiB. */
  readonly maxBytes?: number | undefined
  /** `host:port` each: hosts whose address and port are not checked. Default none. */
  readonly allowHosts?: readonly string[] | undefined
  /** `http://host:port`: all connections are made through it. It is asked for addresses that were checked here. */
  readonly proxy?: string | undefined
  readonly userAgent?: string | undefined
  /** Default: /etc/hosts, then DNS. Its answers are reused for five seconds. */
  readonly resolver?: Resolver | undefined
  /** When a URL's signature ends, if the URL says so: tells `expired` from `gone`. */
  readonly expiresAt?: ((url: string) => Date | undefined) | undefined
}

export interface OpenFetcher extends Fetcher {
  /** Closes all connections; fetches under way fail. */
  close(): Promise<void>
}

/**
 * Fetches over HTTP/1.1, keeping connections for reuse. `fetch` throws FetchError, or the reason of its signal.
 * @throws TypeError when an entry of `allowHosts` is not `host:port`, or `proxy` is no proxy's URL
 */
export function openFetcher(options: FetcherOptions = {}): OpenFetcher {
  const { timeoutMs = 30_000, deadlineMs = 600_000, minBytesPerSecond = 32 * 1024 } = options
  // Half the time, so that a second address has its chance.
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
    async close() {
      connections.close()
      await Promise.all([room.threads.close(), room.files.close()])
    },
  }
}
