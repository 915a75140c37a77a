import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Reasons not to connect to an address. `addressProblem` returns `undefined` for public unicast. */
export type AddressProblem =
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'metadata'
  | 'cgnat'
  | 'multicast'
  | 'unspecified'
  | 'reserved'
  | 'embedded_ipv4'
  | 'invalid'

const IPV4_PROBLEMS: Readonly<Record<string, AddressProblem>> = {
  loopback: 'loopback',
  private: 'private',
  linkLocal: 'link_local',
  carrierGradeNat: 'cgnat',
  multicast: 'multicast',
  unspecified: 'unspecified',
}

const IPV6_PROBLEMS: Readonly<Record<string, AddressProblem>> = {
  loopback: 'loopback',
  uniqueLocal: 'private',
  deprecatedSiteLocal: 'private',
  linkLocal: 'link_local',
  multicast: 'multicast',
  unspecified: 'unspecified',
  ipv4Mapped: 'embedded_ipv4',
  rfc6145: 'embedded_ipv4',
  '6to4': 'embedded_ipv4',
  rfc6052: 'embedded_ipv4',
  teredo: 'embedded_ipv4',
}

/** Addresses of metadata services; the address ranges do not reveal them. */
const METADATA = new Set([
  '169.254.169.254', // most clouds
  '100.100.100.200', // Alibaba
  '192.0.0.192', // Oracle
  '168.63.129.16', // Azure's WireServer, looks like public unicast
  'fd00:ec2::254', // AWS
  'fd20:ce::254', // Google
])

/**
 * @param address an address in the form used by `dns.lookup` or a URL's host, without brackets
 * @returns undefined for public unicast, otherwise the problem
 */
export function addressProblem(address: string): AddressProblem | undefined {
  // ipaddr.js also accepts `0x7f.1`, `017700000001` and the like; dns.lookup never returns these.
  if (isIP(address) === 0) return 'invalid'
  const parsed = ipaddr.parse(address)
  if (METADATA.has(parsed.toString())) return 'metadata'
  const range = parsed.range()
  // NAT64 (64:ff9b::/96) leads to the embedded IPv4 address; on networks without IPv4, all addresses look like this.
  if (parsed instanceof ipaddr.IPv6 && isNat64(parsed)) return addressProblem(embeddedIpv4(parsed))
  return parsed instanceof ipaddr.IPv4 ? ipv4Problem(range) : ipv6Problem(parsed, range)
}

function ipv4Problem(range: string): AddressProblem | undefined {
  return range === 'unicast' ? undefined : (IPV4_PROBLEMS[range] ?? 'reserved')
}

function ipv6Problem(parsed: ipaddr.IPv6, range: string): AddressProblem | undefined {
  const known = IPV6_PROBLEMS[range]
  if (known) return known
  // ipaddr.js returns unicast for `::127.0.0.1` (IPv4-compatible) and for everything else that it has no name for.
  const [first, ...rest] = parsed.parts
  if (first === 0 && rest.slice(0, 5).every((part) => part === 0)) return 'embedded_ipv4'
  const isGlobalUnicast = (first! & 0xe000) === 0x2000
  return isGlobalUnicast && range === 'unicast' ? undefined : 'reserved'
}

/** Only the well-known prefix: 64:ff9b:1::/48 is for local use (RFC 8215). */
function isNat64({ parts }: ipaddr.IPv6): boolean {
  return parts[0] === 0x64 && parts[1] === 0xff9b && parts.slice(2, 6).every((part) => part === 0)
}

function embeddedIpv4(address: ipaddr.IPv6): string {
  return address.toByteArray().slice(12).join('.')
}

/** Returns true if both texts are the same address in any notation. */
export function sameAddress(one: string, other: string): boolean {
  return isIP(one) > 0 && isIP(other) > 0 && canonical(one) === canonical(other)
}

function canonical(address: string): string {
  return ipaddr.parse(address).toNormalizedString()
}
