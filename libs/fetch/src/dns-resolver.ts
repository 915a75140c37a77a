import { promises as dns } from 'node:dns'
import { hostsFile, type HostsFile } from './hosts-file.ts'
import type { ResolvedAddress, Resolver } from './resolve.ts'

export interface DnsOptions {
  /** `address:port` entries. Default: the system's servers. */
  readonly servers?: readonly string[] | undefined
  readonly hosts?: HostsFile | undefined
}

/** Timeout of one query to one server. Each of two tries queries all servers; the second one waits twice as long. */
const TIMEOUT_MS = 2000
const TRIES = 2
const MAX_IN_FLIGHT = 256

/** Answers meaning that the name has no address of this family. */
const NOTHING = new Set(['ENODATA', 'ENOTFOUND'])

/**
 * Queries DNS servers over its own sockets (c-ares). The system's resolver occupies one of the process's few threads
 * per name, so names with dead servers would block all other work: the database, S3, even files. Only hosts that the
 * operator allowed use the system's resolver, since other sources may not know them.
 */
export function openDnsResolver({ servers, hosts = hostsFile() }: DnsOptions = {}): Resolver {
  const resolver = new dns.Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  if (servers) resolver.setServers(servers)
  const limit = limiter(MAX_IN_FLIGHT)
  return {
    async lookup(hostname, isAllowed) {
      if (isAllowed) return await dns.lookup(hostname, { all: true })
      const known = await hosts.addressesOf(hostname)
      return known.length > 0 ? known : await limit(() => query(resolver, hostname))
    },
  }
}

/** IPv4 first: on a network with only one family, connecting to the other fails at once. */
async function query(resolver: dns.Resolver, hostname: string): Promise<ResolvedAddress[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  const found = [...addresses(four, 4), ...addresses(six, 6)]
  if (found.length > 0) return found
  const failures = [four, six].filter((one) => one.status === 'rejected').map((one) => one.reason as Error)
  // A failed query is more informative than an empty answer.
  const failure = failures.find((error) => !NOTHING.has(codeOf(error))) ?? failures[0]
  if (failure) throw failure
  return []
}

function addresses(result: PromiseSettledResult<string[]>, family: number): ResolvedAddress[] {
  return result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : []
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}

/** Runs at most `size` at once; the others queue in order. */
function limiter(size: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= size) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
