import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CERTIFICATE, PRIVATE_KEY } from './certificate.fixture.ts'
import { parseProxy } from './proxy.ts'
import {
  failure,
  httpOrigin,
  listen,
  type Origin,
  rawOrigin,
  sampleBytes,
  scene,
  sha256,
} from './servers.fixture.ts'

const BYTES = sampleBytes(3_000_000)
const LOCAL = { lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) }

/** A real tunnelling proxy. */
async function proxyOrigin(): Promise<Origin & { asked: string[]; credentials: (string | undefined)[] }> {
  const asked: string[] = []
  const credentials: (string | undefined)[] = []
  const server = createHttpServer((_request, response) => response.writeHead(405).end())
  server.on('connect', (request, client, head) => {
    asked.push(request.url!)
    credentials.push(request.headers['proxy-authorization'])
    const { hostname, port } = new URL(`http://${request.url!}`)
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n')
      target.write(head)
      client.pipe(target).pipe(client)
    })
    target.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    client.on('error', () => target.destroy()).on('close', () => target.destroy())
  })
  return { ...(await listen(server)), asked, credentials }
}

describe('a proxy', () => {
  it.each(['http', 'https'])('is asked for tunnels to checked addresses: %s', async (scheme) => {
    const usual = getCACertificates('default')
    setDefaultCACertificates([...usual, CERTIFICATE])
    onTestFinished(() => setDefaultCACertificates(usual))
    const answer = (_request: unknown, response: { end(bytes: Buffer): unknown }): void =>
      void response.end(BYTES)
    const server =
      scheme === 'http'
        ? createHttpServer(answer)
        : createHttpsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, answer)
    const origin = await listen(server)
    const proxy = await proxyOrigin()
    const allowHosts = [`cdn.example:${origin.port}`]
    const { fetcher, path } = await scene([], {
      resolver: LOCAL,
      allowHosts,
      proxy: `http://me:s%20t@${proxy.host}`,
    })
    for (let round = 0; round < 3; round++) {
      const { digests } = await fetcher.fetch(`${scheme}://cdn.example:${origin.port}/`, path)
      expect(digests.sha256).toBe(sha256(BYTES))
    }
    expect(proxy.asked).toEqual([`127.0.0.1:${origin.port}`])
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('me:s t').toString('base64')}`])
    expect(origin.connections()).toBe(1)
  })

  it.each([
    ['http://169.254.169.254/', 'metadata_address'],
    ['http://inside.example/', 'loopback_address'],
    ['http://public.example:22/', 'port'],
  ])('is never asked for what the guard refuses: %s', async (url, code) => {
    const proxy = await proxyOrigin()
    const { fetcher, path } = await scene([], { resolver: LOCAL, proxy: `http://${proxy.host}` })
    expect(await failure(fetcher.fetch(url, path))).toMatchObject({ fate: 'blocked', code })
    expect(proxy.connections()).toBe(0)
  })

  it('that is down, wants credentials or is none costs no attempt, and is named without its password', async () => {
    const origin = await httpOrigin((_request, response) => response.end('ok'))
    const answers = ['HTTP/1.1 407 Authenticate\r\n\r\n', 'SSH-2.0-x\r\n', '']
    const proxies = await Promise.all(answers.map((answer) => rawOrigin((socket) => void socket.end(answer))))
    for (const host of [...proxies.map((one) => one.host), '127.0.0.1:1']) {
      const { fetcher, path } = await scene([origin], { proxy: `http://me:secret@${host}` })
      const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
      expect(error).toMatchObject({ fate: 'failed', code: 'proxy', retryAfterMs: 60_000 })
      expect(error.message).toContain(host)
      expect(error.message).not.toContain('secret')
    }
    expect(origin.connections()).toBe(0)
  })

  it.each([
    ['403 Forbidden', 'proxy_refused'],
    ['502 Bad Gateway', 'connect'],
  ])('that answers %s: %s', async (status, code) => {
    const origin = await httpOrigin((_request, response) => response.end('ok'))
    const proxy = await rawOrigin(
      (socket) => void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`),
    )
    const { fetcher, path } = await scene([origin], { proxy: `http://${proxy.host}` })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'failed', code, retryAfterMs: undefined })
  })

  it.each(['https://proxy.example:3128', 'proxy.example:3128', 'socks5://proxy:1', 'http://proxy:3128/path'])(
    'is not %s',
    (text) => {
      expect(() => parseProxy(text)).toThrow(/DOWNLOAD_PROXY/)
    },
  )
})
