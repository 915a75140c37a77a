import { describe, expect, it } from 'vitest'
import { failure, httpOrigin, rawOrigin, sampleBytes, scene, sha256 } from './servers.fixture.ts'

const BYTES = sampleBytes(50_000)

describe('redirects', () => {
  it('are followed ten times, and no more', async () => {
    const origin = await httpOrigin((request, response) => {
      const left = Number(request.url?.slice(1))
      if (left === 0) response.end(BYTES)
      else response.writeHead(307, { location: `${left - 1}` }).end()
    })
    const { fetcher, path, files } = await scene([origin])
    await fetcher.fetch(`http://${origin.host}/10`, path)
    const error = await failure(fetcher.fetch(`http://${origin.host}/11`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'too_many_redirects' })
    expect(await files()).toEqual([])
  })

  it.each([
    ['HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\n', ''],
    ['HTTP/1.1 303 See Other\r\nConnection: close\r\nContent-Length: 5\r\n', 'Moved'],
    ['HTTP/1.0 301 Moved\r\n', ''],
    ['HTTP/1.0 301 Moved\r\nContent-Length: 5\r\n', 'Moved'],
    ['HTTP/1.1 302 Found\r\nContent-Length: 0\r\n', ''],
  ])('within a host that closes its connection are followed on a new one: %j', async (head, body) => {
    const origin = await rawOrigin((socket, request) => {
      if (request.startsWith('GET /to ')) socket.end(`${head}Location: /file\r\n\r\n${body}`)
      else
        socket.end(
          `HTTP/1.0 200 OK\r\nContent-Length: ${BYTES.length}\r\n\r\n${BYTES.toString('latin1')}`,
          'latin1',
        )
    })
    const { fetcher, path } = await scene([origin])
    for (let round = 0; round < 3; round++) {
      const { digests } = await fetcher.fetch(`http://${origin.host}/to`, path)
      expect(digests.sha256).toBe(sha256(BYTES))
    }
  })

  it.each([
    ['/caf\xc3\xa9.jpg', '/caf%C3%A9.jpg'],
    ['/caf\xe9.jpg', '/caf%E9.jpg'],
    ['/caf\xe9.jpg?q=\xc3\xa9', '/caf%E9.jpg?q=%C3%A9'],
    ['/caf%e9.jpg', '/caf%e9.jpg'],
  ])('keep the bytes of %j', async (location, expected) => {
    const paths: string[] = []
    const origin = await rawOrigin((socket, request) => {
      paths.push(request.split(' ')[1]!)
      const isFirst = paths.length === 1
      const head = isFirst ? `HTTP/1.1 302 Found\r\nLocation: ${location}` : 'HTTP/1.1 200 OK'
      socket.write(Buffer.from(`${head}\r\nContent-Length: 2\r\n\r\nok`, 'latin1'))
    })
    const { fetcher, path } = await scene([origin])
    await fetcher.fetch(`http://${origin.host}/`, path)
    expect(paths).toEqual(['/', expected])
  })

  it('to the same URL with a cookie are followed; another host never gets it', async () => {
    const seen: (string | undefined)[] = []
    const other = await httpOrigin((request, response) => {
      seen.push(request.headers.cookie)
      response.end(BYTES)
    }, '127.0.0.1')
    const origin = await httpOrigin((request, response) => {
      if (request.headers.cookie === 'seen=1')
        response.writeHead(302, { location: `http://localhost:${other.port}/` })
      else response.writeHead(302, { location: '/loop', 'set-cookie': 'seen=1; Path=/; Domain=localhost' })
      response.end()
    })
    const resolver = { lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) }
    const allowHosts = [origin.host, `localhost:${other.port}`]
    const { fetcher, path } = await scene([], { allowHosts, resolver })
    await fetcher.fetch(`http://${origin.host}/loop`, path)
    expect(seen).toEqual([undefined])
  })

  it('in a circle are rejected', async () => {
    const origin = await httpOrigin((request, response) => {
      response.writeHead(302, { location: request.url === '/a#x' ? '/b' : '/a#y' }).end()
    })
    const { fetcher, path } = await scene([origin])
    const error = await failure(fetcher.fetch(`http://${origin.host}/a`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'redirect_loop' })
  })

  it.each([
    ['http://127.0.0.1/', 'loopback_address'],
    ['//10.0.0.1/', 'private_address'],
    ['http://169.254.169.254/latest/', 'metadata_address'],
    ['http://[::ffff:127.0.0.1]/', 'embedded_ipv4_address'],
    ['http://public.example:22/', 'port'],
    ['file:///etc/passwd', 'scheme'],
    ['http://user:secret@public.example/', 'userinfo'],
    ['http://inside.example/', 'private_address'],
  ])('to %s are blocked', async (location, code) => {
    const origin = await httpOrigin((_request, response) => response.writeHead(302, { location }).end())
    const resolver = { lookup: () => Promise.resolve([{ address: '192.168.7.7', family: 4 }]) }
    const { fetcher, path } = await scene([origin], { resolver })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'blocked', code })
    expect(error.message).toContain(`http://${origin.host}/: `)
    expect(error.message).not.toContain('secret')
  })

  it('to nowhere are rejected', async () => {
    const origin = await httpOrigin((request, response) => {
      response.writeHead(302, request.url === '/a' ? { location: 'http://' } : {}).end()
    })
    const { fetcher, path } = await scene([origin])
    expect(await failure(fetcher.fetch(`http://${origin.host}/a`, path))).toMatchObject({ code: 'redirect' })
    expect(await failure(fetcher.fetch(`http://${origin.host}/b`, path))).toMatchObject({ code: 'http_302' })
  })
})
