import { describe, expect, it } from 'vitest'
import type { Endpoint } from './connect.ts'
import { Connections } from './connections.ts'

const ENDPOINT: Endpoint = { protocol: 'http:', hostname: 'cdn.example', address: '93.184.216.34', port: 80 }

describe('Connections', () => {
  it('hands a connection out again for the very same endpoint', () => {
    const connections = new Connections({ connectTimeoutMs: 1000 })
    const first = connections.acquire(ENDPOINT)
    expect(connections.acquire(ENDPOINT)).not.toBe(first)
    connections.release(first)
    expect(connections.acquire({ ...ENDPOINT })).toBe(first)
  })

  it.each<[string, Partial<Endpoint>]>([
    ['another address', { address: '93.184.216.35' }],
    ['another name', { hostname: 'other.example' }],
    ['another port', { port: 443 }],
    ['another scheme', { protocol: 'https:' }],
  ])('but never for %s', (_what, difference) => {
    const connections = new Connections({ connectTimeoutMs: 1000 })
    const first = connections.acquire(ENDPOINT)
    connections.release(first)
    expect(connections.acquire({ ...ENDPOINT, ...difference })).not.toBe(first)
    expect(connections.acquire(ENDPOINT)).toBe(first)
  })

  it('prefers the address that a connection is open to', () => {
    const connections = new Connections({ connectTimeoutMs: 1000 })
    const other = { ...ENDPOINT, address: '93.184.216.35' }
    expect(connections.preferred([ENDPOINT, other])).toEqual([ENDPOINT, other])
    connections.release(connections.acquire(other))
    expect(connections.preferred([ENDPOINT, other])).toEqual([other, ENDPOINT])
  })

  it('takes back neither what is gone nor more than 128', () => {
    const connections = new Connections({ connectTimeoutMs: 1000 })
    const all = Array.from({ length: 130 }, (_, index) =>
      connections.acquire({ ...ENDPOINT, port: index + 1 }),
    )
    all[129]!.destroy()
    for (const connection of all) connections.release(connection)
    const isKept = all.map(
      (connection, index) => connections.acquire({ ...ENDPOINT, port: index + 1 }) === connection,
    )
    expect(isKept).toEqual([false, ...Array<boolean>(128).fill(true), false])
  })
})
