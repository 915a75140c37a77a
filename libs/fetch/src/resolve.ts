import { FetchError } from '@mediakeep/content'
import { displayUrl } from './display-url.ts'
import { checkAddresses, type Target } from './url-guard.ts'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}

/** Resolves a name. The returned addresses are checked, and connections go to one of them, never to the name. */
export interface Resolver {
  /** @param isAllowed true if the operator allowed this host */
  lookup(hostname: string, isAllowed: boolean): Promise<readonly ResolvedAddress[]>
}

const CACHE_MS = 5000
const CACHE_ENTRIES = 1000

/**
 * Caches answers for five seconds: many files from one host need one lookup. This is safe, because every use checks
 * the addresses and connects to exactly one of them.
 */
export function cachedResolver(resolver: Resolver): Resolver {
  const entries = new Map<string, { until: number; answer: Promise<readonly ResolvedAddress[]> }>()
  return {
    lookup(hostname, isAllowed) {
      const key = `${hostname} ${isAllowed}`
      const known = entries.get(key)
      if (known && known.until > performance.now()) return known.answer
      const answer = resolver.lookup(hostname, isAllowed)
      entries.delete(key)
      entries.set(key, { until: performance.now() + CACHE_MS, answer })
      if (entries.size > CACHE_ENTRIES) entries.delete(entries.keys().next().value!)
      answer.catch(() => entries.delete(key))
      return answer
    },
  }
}

/**
 * @returns the addresses of a target, all of which have passed the guard
 * @throws FetchError `blocked` if one of them is not public; `failed` (`dns`) if there are none
 */
export async function resolveTarget(target: Target, resolver: Resolver): Promise<string[]> {
  if (target.isAddress) return [target.hostname]
  const addresses = await lookUp(target, resolver)
  if (addresses.length === 0) throw dnsError(target, 'the name has no address')
  checkAddresses(target, addresses)
  return addresses
}

async function lookUp(target: Target, resolver: Resolver): Promise<string[]> {
  try {
    return (await resolver.lookup(target.hostname, target.isAllowed)).map(({ address }) => address)
  } catch (error) {
    throw dnsError(target, error instanceof Error ? error.message : String(error), error)
  }
}

function dnsError(target: Target, reason: string, cause?: unknown): FetchError {
  const message = `${displayUrl(target.url)}: looking up ${target.hostname} failed: ${reason}`
  return new FetchError('failed', 'dns', message, { cause })
}
