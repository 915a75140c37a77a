import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CERTIFICATE, PRIVATE_KEY } from './certificate.fixture.ts'
import { openSocket, peerProblem } from './connect.ts'
import type { ResolvedAddress, Resolver } from './resolve.ts'
import { failure, httpOrigin, listen, type Origin, sampleBytes, scene } from './servers.fixture.ts'

/** On macOS only 127.0.0.1 answers. */
const itWithManyLoopbacks = it.skipIf(process.platform === 'darwin')

const MIB = 1024 * 1024
const BYTES = sampleBytes(50_000)

/** Gives these answers in turn, then repeats the last one. */
function answering(...answers: readonly (readonly string[])[]): Resolver & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    lookup(hostname) {
      asked.push(hostname)
      const addresses = answers[Math.min(asked.length, answers.length) - 1]!
      return Promise.resolve(addresses.map((address): ResolvedAddress => ({ address, family: 4 })))
    },
  }
}

function bytesAt(address: string, port?: number): Promise<Origin> {
  return httpOrigin((_request, response) => response.end(BYTES), address, port)
}

describe('the address behind a name', () => {
  itWithManyLoopbacks('is looked up once, and the one connected to', async () => {
    const second = await bytesAt('127.0.0.1')
    const first = await bytesAt('127.0.0.2', second.port)
    const resolver = answering(['127.0.0.2'], ['127.0.0.1'])
    const { fetcher, path } = await scene([], { resolver, allowHosts: [`rebind.example:${first.port}`] })
    await fetcher.fetch(`http://rebind.example:${first.port}/`, path)
    expect([first.connections(), second.connections()]).toEqual([1, 0])
    expect(resolver.asked).toEqual(['rebind.example'])
  })

  it('is remembered for the next files', async () => {
    const origin = await bytesAt('127.0.0.1')
    const resolver = answering(['127.0.0.1'])
    const { fetcher, path } = await scene([], { resolver, allowHosts: [`bulk.example:${origin.port}`] })
    for (let round = 0; round < 5; round++) await fetcher.fetch(`http://bulk.example:${origin.port}/`, path)
    expect(resolver.asked).toHaveLength(1)
    expect(origin.connections()).toBe(1)
  })

  it.each([
    [['127.0.0.1'], 'loopback_address'],
    [['93.184.216.34', '10.0.0.1'], 'private_address'],
    [['::ffff:127.0.0.1'], 'embedded_ipv4_address'],
    [['fe80::1%lo'], 'link_local_address'],
    [['0x7f.1'], 'invalid_address'],
  ])('%j is refused', async (addresses, code) => {
    const { fetcher, path } = await scene([], { resolver: answering(addresses) })
    const error = await failure(fetcher.fetch('https://cdn.example/a?secret', path))
    expect(error).toMatchObject({ fate: 'blocked', code })
    expect(error.message).toContain('add cdn.example:443 to DOWNLOAD_ALLOW_HOSTS')
    expect(error.message).not.toContain('secret')
  })

  it('allowed under one name is not allowed under another', async () => {
    const origin = await bytesAt('127.0.0.1')
    const allowHosts = [`a.example:${origin.port}`]
    const { fetcher, path } = await scene([], { resolver: answering(['127.0.0.1']), allowHosts })
    await fetcher.fetch(`http://a.example:${origin.port}/`, path)
    const error = await failure(fetcher.fetch(`http://b.example:${origin.port}/`, path))
    expect(error).toMatchObject({ fate: 'blocked', code: 'port' })
    expect(origin.connections()).toBe(1)
  })

  itWithManyLoopbacks('is the next one when the first does not answer', async () => {
    const origin = await bytesAt('127.0.0.2')
    const resolver = answering(['127.0.0.3', '127.0.0.2'])
    const { fetcher, path } = await scene([], { resolver, allowHosts: [`two.example:${origin.port}`] })
    await fetcher.fetch(`http://two.example:${origin.port}/`, path)
    await fetcher.fetch(`http://two.example:${origin.port}/`, path)
    expect(origin.connections()).toBe(1)
  })

  it.each([
    ['none', () => Promise.resolve([])],
    ['an error', () => Promise.reject(new Error('ENOTFOUND'))],
  ])('missing (%s) is a failure that may pass', async (_what, lookup) => {
    const { fetcher, path } = await scene([], { resolver: { lookup } })
    const error = await failure(fetcher.fetch('http://nowhere.example/', path))
    expect(error).toMatchObject({ fate: 'failed', code: 'dns' })
  })
})

describe('peerProblem', () => {
  async function connected(address: string): Promise<Socket> {
    const origin = await bytesAt(address)
    const socket = connect(origin.port, address)
    await new Promise((resolve) => socket.once('connect', resolve))
    onTestFinished(() => void socket.destroy())
    return socket
  }

  it('takes the checked address, and no other', async () => {
    const socket = await connected('127.0.0.1')
    expect(peerProblem(socket, '127.0.0.1')).toBeUndefined()
    expect(peerProblem(socket, '127.0.0.2')).toMatchObject({ fate: 'blocked', code: 'peer_address' })
    const closed = await connected('127.0.0.1')
    closed.destroy()
    expect(peerProblem(closed, '127.0.0.1')).toMatchObject({ name: 'NotConnectedError' })
  })
})

describe('openSocket', () => {
  it('gives up a socket whose peer is not the address it was opened to, before a byte is sent', async () => {
    const { port, connections } = await bytesAt('127.0.0.1')
    // The operating system redirects here: connecting to the unspecified address connects to this machine.
    const endpoint = { protocol: 'http:', hostname: 'elsewhere.example', address: '0.0.0.0', port } as const
    const { promise, resolve } = Promise.withResolvers<Error | Socket>()
    const socket = openSocket(endpoint, { timeoutMs: 5000, tap: () => true }, resolve)
    onTestFinished(() => void socket.destroy())
    expect(await promise).toMatchObject({ fate: 'blocked', code: 'peer_address' })
    expect([socket.destroyed, socket.bytesWritten]).toEqual([true, 0])
    await expect.poll(connections).toBe(1)
  })
})

describe('a tapped socket', () => {
  it('brings nothing more until it is resumed, and then all, with its end', async () => {
    const { port } = await listen(createServer((peer) => void peer.end(Buffer.alloc(MIB, 'x'))))
    const endpoint = { protocol: 'http:', hostname: '127.0.0.1', address: '127.0.0.1', port } as const
    let isTaking = false
    let bytes = 0
    const { promise, resolve } = Promise.withResolvers<Error | Socket>()
    const socket = openSocket(
      endpoint,
      { timeoutMs: 1000, tap: (piece) => ((bytes += piece.byteLength), isTaking) },
      resolve,
    )
    onTestFinished(() => void socket.destroy())
    expect(await promise).toBe(socket)
    let hasEnded = false
    socket.once('end', () => (hasEnded = true))
    await expect.poll(() => bytes).toBeGreaterThan(0)
    const taken = bytes
    await sleep(50)
    expect(bytes).toBe(taken)
    isTaking = true
    socket.read(0)
    await expect.poll(() => bytes).toBe(MIB)
    await expect.poll(() => hasEnded).toBe(true)
  })
})

describe('TLS', () => {
  async function secureOrigin(): Promise<Origin & { names: unknown[] }> {
    const names: unknown[] = []
    const server = createHttpsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (request, response) => {
      names.push([Reflect.get(request.socket, 'servername'), request.headers.host])
      response.end(BYTES)
    })
    return { ...(await listen(server)), names }
  }

  function trustTestCertificate(): void {
    const usual = getCACertificates('default')
    setDefaultCACertificates([...usual, CERTIFICATE])
    onTestFinished(() => setDefaultCACertificates(usual))
  }

  it('is spoken under the name, at the address', async () => {
    trustTestCertificate()
    const { port, names, connections } = await secureOrigin()
    const allowHosts = [`cdn.example:${port}`, `127.0.0.1:${port}`]
    const { fetcher, path } = await scene([], { resolver: answering(['127.0.0.1']), allowHosts })
    await fetcher.fetch(`https://cdn.example:${port}/`, path)
    await fetcher.fetch(`https://cdn.example.:${port}/`, path)
    expect(connections()).toBe(1)
    await fetcher.fetch(`https://127.0.0.1:${port}/`, path)
    const host = `cdn.example:${port}`
    expect(names).toEqual([
      ['cdn.example', host],
      ['cdn.example', host],
      [false, `127.0.0.1:${port}`],
    ])
  })

  it('with a certificate for another name fails', async () => {
    trustTestCertificate()
    const { port, names } = await secureOrigin()
    const allowHosts = [`other.example:${port}`]
    const { fetcher, path } = await scene([], { resolver: answering(['127.0.0.1']), allowHosts })
    const error = await failure(fetcher.fetch(`https://other.example:${port}/`, path))
    expect(error).toMatchObject({ fate: 'failed', code: 'tls' })
    expect(names).toEqual([])
  })

  it('with a certificate that nobody trusts fails', async () => {
    const { port, names, host } = await secureOrigin()
    const { fetcher, path } = await scene([{ host, port, connections: () => 0 }])
    const error = await failure(fetcher.fetch(`https://${host}/`, path))
    expect(error).toMatchObject({ fate: 'failed', code: 'tls' })
    expect(names).toEqual([])
  })
})
