import { isIP } from 'node:net'
import { FetchError } from '@mediakeep/content'
import { addressProblem, type AddressProblem } from './address.ts'
import { type AllowedHosts, bareHost, hostAndPort, portOf } from './allow-hosts.ts'
import { displayUrl } from './display-url.ts'

/** A URL that may be requested if its addresses pass the check too. */
export interface Target {
  readonly url: URL
  /** The name to look up, or the address itself; without brackets and trailing dot. */
  readonly hostname: string
  readonly port: number
  /** True if the hostname is an IP address and needs no lookup. */
  readonly isAddress: boolean
  /** True if listed in DOWNLOAD_ALLOW_HOSTS: its address and port are not checked. */
  readonly isAllowed: boolean
}

/**
 * Checks everything in the URL itself; `checkAddresses` checks the addresses behind a name.
 * @throws FetchError of fate `blocked`: `invalid_url`, `scheme`, `userinfo`, `port`, `loopback_address`,
 *   `private_address`, and so on for every class of address
 */
export function guardUrl(text: string, allowed: AllowedHosts): Target {
  const url = URL.parse(text)
  if (!url) throw new FetchError('blocked', 'invalid_url', 'The URL cannot be parsed')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FetchError('blocked', 'scheme', `Only http and https are fetched, not ${url.protocol}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchError(
      'blocked',
      'userinfo',
      `${displayUrl(url)}: a URL with a user or password is refused`,
    )
  }
  const hostname = bareHost(url).replace(/^\[|\]$/g, '')
  if (hostname === '') throw new FetchError('blocked', 'invalid_url', `${displayUrl(url)}: there is no host`)
  const isAllowed = allowed.has(hostAndPort(url))
  const target = { url, hostname, port: portOf(url), isAddress: isIP(hostname) > 0, isAllowed }
  if (!isAllowed) checkHost(target)
  return target
}

function checkHost(target: Target): void {
  if (target.port !== 80 && target.port !== 443) {
    throw blocked(target, 'port', `port ${target.port} is neither 80 nor 443`)
  }
  if (/(^|\.)localhost$/.test(target.hostname)) {
    throw blocked(target, 'loopback_address', `${target.hostname} is this machine`)
  }
  if (target.isAddress) checkAddresses(target, [target.hostname])
}

/** @throws FetchError of fate `blocked` unless every address is public unicast, or the host is allowed */
export function checkAddresses(target: Target, addresses: readonly string[]): void {
  for (const address of addresses) {
    const problem = addressProblem(address)
    const isRefused = target.isAllowed ? problem === 'invalid' : problem !== undefined
    if (isRefused) {
      throw blocked(target, `${problem!}_address`, `${address} is ${DESCRIPTIONS[problem!]}`)
    }
  }
}

const DESCRIPTIONS: Readonly<Record<AddressProblem, string>> = {
  loopback: 'this machine',
  private: 'an address of a private network',
  link_local: 'a link-local address',
  metadata: "a cloud's metadata service",
  cgnat: 'an address of a carrier-grade NAT',
  multicast: 'a multicast address',
  unspecified: 'the unspecified address',
  reserved: 'a reserved address, not a public one',
  embedded_ipv4: 'an IPv6 address that stands for an IPv4 one',
  invalid: 'not an IP address',
}

function blocked(target: Target, code: string, reason: string): FetchError {
  const remedy = `If you trust it, add ${hostAndPort(target.url)} to DOWNLOAD_ALLOW_HOSTS.`
  return new FetchError('blocked', code, `${displayUrl(target.url)} is refused: ${reason}. ${remedy}`)
}
