import fc from 'fast-check'
import { FetchError } from '@mediakeep/content'
import { describe, expect, it } from 'vitest'
import { parseAllowHosts } from './allow-hosts.ts'
import { checkAddresses, guardUrl } from './url-guard.ts'

const NONE = parseAllowHosts([])

function code(url: string, allowed = NONE): string | undefined {
  try {
    guardUrl(url, allowed)
    return undefined
  } catch (error) {
    if (error instanceof FetchError && error.fate === 'blocked') return error.code
    throw error
  }
}

const LOOPBACK = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://127.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.0.0.1/',
  'http://0X7F.1/',
  'http://017700000001/',
  'http://0177.0.0.01/',
  'http://127.0.0.1./',
  'http://１２７.０.０.１/',
  'http://127。0。0。1/',
  'http://①②⑦.0.0.1/',
  'http://%31%32%37.0.0.1/',
  'http://127.0.0.1:80/',
  'https://127.0.0.1/',
  'http:127.0.0.1/',
  'http:\\\\127.0.0.1\\a',
  '  http://127.0.0.1/  ',
  'ht\ntp://127.0.\t0.1/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  'http://localhost/',
  'http://LOCALHOST/',
  'http://localhost./',
  'http://ｌｏｃａｌｈｏｓｔ/',
  'http://a.localhost/',
]

const BLOCKED: readonly (readonly [string, string])[] = [
  ['', 'invalid_url'],
  ['//example.com/a', 'invalid_url'],
  ['example.com/a.jpg', 'invalid_url'],
  ['http://', 'invalid_url'],
  ['http://./', 'invalid_url'],
  ['http://exa mple.com/', 'invalid_url'],
  ['http://[fe80::1%25eth0]/', 'invalid_url'],
  ['http://256.256.256.256/', 'invalid_url'],
  ['http://1.2.3.4.5/', 'invalid_url'],
  ['file:///etc/passwd', 'scheme'],
  ['ftp://example.com/a', 'scheme'],
  ['data:image/png;base64,AAAA', 'scheme'],
  ['javascript:alert(1)', 'scheme'],
  ['gopher://example.com/', 'scheme'],
  ['blob:http://example.com/1', 'scheme'],
  ['ws://example.com/', 'scheme'],
  ['http://user@example.com/', 'userinfo'],
  ['http://:secret@example.com/', 'userinfo'],
  ['http://example.com@127.0.0.1/', 'userinfo'],
  ['http://example.com:8080/', 'port'],
  ['http://example.com:22/', 'port'],
  ['http://example.com:0/', 'port'],
  ['http://0/', 'unspecified_address'],
  ['http://[::]/', 'unspecified_address'],
  ['http://10.0.0.1/', 'private_address'],
  ['http://0xa.1/', 'private_address'],
  ['http://192.168.257/', 'private_address'],
  ['http://169.254.169.254/latest/meta-data/', 'metadata_address'],
  ['http://[::ffff:a9fe:a9fe]/', 'embedded_ipv4_address'],
  ['http://[::ffff:127.0.0.1]/', 'embedded_ipv4_address'],
  ['http://[::127.0.0.1]/', 'embedded_ipv4_address'],
  ['http://[64:ff9b::127.0.0.1]/', 'loopback_address'],
  ['http://[2002:7f00:1::]/', 'embedded_ipv4_address'],
  ['http://[2001:0:1::]/', 'embedded_ipv4_address'],
  ['http://[fd00::1]/', 'private_address'],
  ['http://[fe80::1]/', 'link_local_address'],
  ['http://100.64.0.1/', 'cgnat_address'],
  ['http://224.0.0.1/', 'multicast_address'],
  ['http://198.18.0.1/', 'reserved_address'],
]

describe('guardUrl', () => {
  it.each(LOOPBACK)('refuses %j as this machine', (url) => {
    expect(code(url)).toBe('loopback_address')
  })

  it.each(BLOCKED)('refuses %j: %s', (url, expected) => {
    expect(code(url)).toBe(expected)
  })

  it.each([
    ['http://example.com/a.jpg?x=1', 'example.com', 80],
    ['https://EXAMPLE.com./a.jpg', 'example.com', 443],
    ['https://example.com:80/', 'example.com', 80],
    ['http://93.184.216.34:443/', '93.184.216.34', 443],
    ['https://[2606:2800:220::1]/', '2606:2800:220::1', 443],
    ['http://0x5db8d822/', '93.184.216.34', 80],
    ['https://bücher.example/', 'xn--bcher-kva.example', 443],
    ['https://127.0.0.1.example.com/', '127.0.0.1.example.com', 443],
  ])('lets %s pass', (url, hostname, port) => {
    expect(guardUrl(url, NONE)).toMatchObject({ hostname, port, isAllowed: false })
  })

  it('refuses every writing of a private address', () => {
    const octet = fc.nat(255)
    const address = fc.oneof(
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    )
    const radix = fc.constantFrom(8, 10, 16)
    const write = (value: number, base: number): string =>
      (base === 16 ? '0x' : base === 8 ? '0' : '') + value.toString(base)
    fc.assert(
      fc.property(
        address,
        radix,
        radix,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.boolean(),
        (ip, r1, r2, parts, wide, dot) => {
          const last = ip.slice(parts - 1).reduce((sum, value) => sum * 256 + value, 0)
          let host = [...ip.slice(0, parts - 1).map((value) => write(value, r1)), write(last, r2)].join('.')
          if (wide)
            host = host.replace(/[0-9a-fx]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))
          expect(code(`http://${host}${dot ? '.' : ''}/`)).toMatch(/_address$/)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('says what to do, and never shows a query or a password', () => {
    const thrown = (url: string): string => {
      try {
        guardUrl(url, NONE)
      } catch (error) {
        return (error as Error).message
      }
      return ''
    }
    const message = thrown('http://10.0.0.1/a.jpg?X-Amz-Signature=secret#secret')
    expect(message).toContain('http://10.0.0.1/a.jpg?…')
    expect(message).toContain('add 10.0.0.1:80 to DOWNLOAD_ALLOW_HOSTS')
    for (const url of ['http://u:secret@example.com/?secret', 'http://u:secret@exa mple/', 'data:,secret']) {
      expect(thrown(url)).not.toContain('secret')
    }
    expect(message).not.toContain('secret')
  })
})

describe('allowed hosts', () => {
  const allowed = parseAllowHosts([
    'localhost:4001',
    '127.0.0.1:4001',
    '[::1]:4001',
    'Intranet.example:443',
    '10.1:80',
  ])

  it.each([
    'http://localhost:4001/',
    'http://localhost.:4001/',
    'http://127.1:4001/',
    'http://[::1]:4001/',
    'https://intranet.example/',
    'http://10.0.0.1/',
  ])('%s passes', (url) => {
    expect(guardUrl(url, allowed).isAllowed).toBe(true)
  })

  it.each([
    ['http://localhost:4002/', 'port'],
    ['http://localhost/', 'loopback_address'],
    ['http://127.0.0.2:4001/', 'port'],
    ['http://a.localhost:4001/', 'port'],
    ['http://u@localhost:4001/', 'userinfo'],
    ['ftp://localhost:4001/', 'scheme'],
    ['https://10.0.0.1/', 'private_address'],
  ])('%s does not: %s', (url, expected) => {
    expect(code(url, allowed)).toBe(expected)
  })

  it.each([
    'localhost',
    'localhost:',
    ':80',
    'http://localhost:80',
    'a:80/b',
    'u@a:80',
    '::1:80',
    'a:99999',
    '*:80',
    'a b:80',
  ])('the entry %j is refused', (entry) => {
    expect(() => parseAllowHosts([entry])).toThrow(/DOWNLOAD_ALLOW_HOSTS/)
  })
})

describe('checkAddresses', () => {
  it('wants all of them to be public', () => {
    const target = guardUrl('https://cdn.example/a', NONE)
    expect(() => checkAddresses(target, ['93.184.216.34', '2606:2800::1'])).not.toThrow()
    expect(() => checkAddresses(target, ['93.184.216.34', '10.0.0.1'])).toThrow(/10\.0\.0\.1/)
    expect(() => checkAddresses(target, ['not-an-address'])).toThrow(FetchError)
  })

  it('lets an allowed host be anywhere, but not nowhere', () => {
    const target = guardUrl('http://localhost:4001/', parseAllowHosts(['localhost:4001']))
    expect(() => checkAddresses(target, ['127.0.0.1', '::1'])).not.toThrow()
    expect(() => checkAddresses(target, ['localhost'])).toThrow(FetchError)
  })
})
