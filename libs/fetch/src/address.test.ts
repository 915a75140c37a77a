import { BlockList, isIPv4 } from 'node:net'
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { addressProblem, sameAddress } from './address.ts'

const REFUSED: readonly (readonly [string, string])[] = [
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['169.254.1.1', 'link_local'],
  ['169.254.169.254', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['192.0.0.192', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['fd00:ec2::254', 'metadata'],
  ['fd00:0ec2:0:0:0:0:0:254', 'metadata'],
  ['100.64.0.1', 'cgnat'],
  ['100.127.255.255', 'cgnat'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.250', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['192.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['192.88.99.1', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['198.51.100.1', 'reserved'],
  ['203.0.113.1', 'reserved'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::127.0.0.1', 'embedded_ipv4'],
  ['::7f00:1', 'embedded_ipv4'],
  ['::8.8.8.8', 'embedded_ipv4'],
  ['::ffff:127.0.0.1', 'embedded_ipv4'],
  ['::ffff:8.8.8.8', 'embedded_ipv4'],
  ['::ffff:0:8.8.8.8', 'embedded_ipv4'],
  ['64:ff9b::127.0.0.1', 'loopback'],
  ['64:ff9b::10.0.0.1', 'private'],
  ['64:ff9b::169.254.169.254', 'metadata'],
  ['64:ff9b::168.63.129.16', 'metadata'],
  ['64:ff9b::100.64.0.1', 'cgnat'],
  ['64:ff9b::', 'unspecified'],
  ['64:ff9b::ffff:ffff', 'reserved'],
  ['64:ff9b::1:8.8.8.8', 'reserved'],
  ['64:ff9b:1::8.8.8.8', 'embedded_ipv4'],
  ['64:ff9b:1::7f00:1', 'embedded_ipv4'],
  ['2002:7f00:1::', 'embedded_ipv4'],
  ['2001::1', 'embedded_ipv4'],
  ['fe80::1', 'link_local'],
  ['fe80::1%lo', 'link_local'],
  ['fec0::1', 'private'],
  ['fc00::1', 'private'],
  ['fdff::1', 'private'],
  ['ff02::1', 'multicast'],
  ['100::1', 'reserved'],
  ['2001:2::1', 'reserved'],
  ['2001:10::1', 'reserved'],
  ['2001:20::1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['3fff::1', 'reserved'],
  ['5f00::1', 'reserved'],
  ['4000::1', 'reserved'],
  ['1fff::1', 'reserved'],
  ['::1:0:0', 'reserved'],
  ['', 'invalid'],
  ['0x7f.1', 'invalid'],
  ['127.1', 'invalid'],
  ['2130706433', 'invalid'],
  ['017700000001', 'invalid'],
  ['example.com', 'invalid'],
]

const PUBLIC = [
  '64:ff9b::8.8.8.8',
  '64:ff9b::9765:c285',
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:2800:220:1:248:1893:25c8:1946',
  '2a00:1450:4001:81b::200e',
  '2001:4860:4860::8888',
  '2000::1',
  '3ffe:ffff::1',
]

const SPECIAL_IPV4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12
  192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
  198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3`
const SPECIAL_IPV6 = '::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20'

/** IANA's special-purpose registries in a second implementation: Node's BlockList instead of ipaddr.js. */
function blockList(ranges: string, family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges.split(/\s+/)) {
    const [network, prefix] = range.split('/')
    list.addSubnet(network!, Number(prefix), family)
  }
  return list
}

describe('addressProblem', () => {
  it.each(REFUSED)('refuses %s as %s', (address, problem) => {
    expect(addressProblem(address)).toBe(problem)
  })

  it.each(PUBLIC)('lets %s pass', (address) => {
    expect(addressProblem(address)).toBeUndefined()
  })

  it('agrees with the registries on every IPv4 address', () => {
    const list = blockList(SPECIAL_IPV4, 'ipv4')
    const near = fc.constantFrom(
      ...[...REFUSED.map(([address]) => address), ...PUBLIC].filter((address) => isIPv4(address)),
    )
    const any = fc.oneof(fc.ipV4(), near)
    fc.assert(
      fc.property(any, fc.integer({ min: -2, max: 2 }), (address, step) => {
        const [a, b, c, d] = address.split('.').map(Number)
        const moved = (((a! * 256 + b!) * 256 + c!) * 256 + d! + step + 2 ** 32) % 2 ** 32
        const text = [24, 16, 8, 0].map((shift) => (moved >>> shift) & 255).join('.')
        expect(addressProblem(text) === undefined).toBe(!list.check(text, 'ipv4'))
      }),
      { numRuns: 5000 },
    )
  })

  it('agrees with the registries on every IPv6 address, however it is written', () => {
    const list = blockList(SPECIAL_IPV6, 'ipv6')
    const blocked4 = blockList(SPECIAL_IPV4, 'ipv4')
    const prefix = fc.constantFrom(
      0,
      0x64,
      0x100,
      0x1fff,
      0x2000,
      0x2001,
      0x2002,
      0x2620,
      0x2a00,
      0x3fff,
      0x4000,
    )
    const second = fc.constantFrom(0, 1, 2, 0x10, 0x1ff, 0x200, 0xdb8, 0xff9b, 0x4f, 0x0fff, 0x1000)
    const part = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x7f00, 0x8000), fc.nat(0xffff))
    const parts = fc
      .tuple(
        fc.oneof(prefix, fc.nat(0xffff)),
        fc.oneof(second, part),
        fc.oneof(
          fc.array(part, { minLength: 6, maxLength: 6 }),
          fc.array(part, { minLength: 2, maxLength: 2 }).map((last) => [0, 0, 0, 0, ...last]),
        ),
      )
      .map(([first, next, rest]) => [first, next, ...rest])
    fc.assert(
      fc.property(parts, (numbers) => {
        const parsed = new ipaddr.IPv6(numbers)
        const isNat64 = parsed.toNormalizedString().startsWith('64:ff9b:0:0:0:0:')
        const inside = parsed.toByteArray().slice(12).join('.')
        const isPublic = isNat64
          ? !blocked4.check(inside, 'ipv4')
          : !list.check(parsed.toNormalizedString(), 'ipv6')
        const written = [
          parsed.toString(),
          parsed.toNormalizedString(),
          parsed.toNormalizedString().toUpperCase(),
        ]
        for (const text of written) expect(addressProblem(text) === undefined).toBe(isPublic)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('sameAddress', () => {
  it('compares addresses, not their spelling', () => {
    expect(sameAddress('2606:0:0::1', '2606::0001')).toBe(true)
    expect(sameAddress('93.184.216.34', '93.184.216.34')).toBe(true)
    expect(sameAddress('93.184.216.34', '::ffff:93.184.216.34')).toBe(false)
    expect(sameAddress('93.184.216.34', 'localhost')).toBe(false)
  })
})
