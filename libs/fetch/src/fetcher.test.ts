import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { failure, httpOrigin, rawOrigin, sampleBytes, scene, sha256 } from './servers.fixture.ts'

const BYTES = sampleBytes(50_000)

describe('a fetch', () => {
  it('writes the file and tells its digests', async () => {
    const origin = await httpOrigin((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'image/jpeg; x=1', 'content-length': BYTES.length })
        .end(BYTES)
    })
    const { fetcher, path, read } = await scene([origin])
    expect(await fetcher.fetch(`http://${origin.host}/a.jpg`, path)).toEqual({
      digests: {
        md5: createHash('md5').update(BYTES).digest('hex'),
        sha256: sha256(BYTES),
        byteSize: BYTES.length,
      },
      claimedMimeType: 'image/jpeg; x=1',
      lengthVerified: true,
    })
    expect(await read()).toEqual(BYTES)
  })

  it('overwrites what is at the path', async () => {
    const origin = await httpOrigin((request, response) =>
      response.end(request.url === '/long' ? BYTES : 'short'),
    )
    const { fetcher, path, read } = await scene([origin])
    await fetcher.fetch(`http://${origin.host}/long`, path)
    await fetcher.fetch(`http://${origin.host}/short`, path)
    expect(String(await read())).toBe('short')
  })

  it('writes a large file in order', async () => {
    const large = sampleBytes(20 * 1024 * 1024)
    const origin = await httpOrigin((_request, response) => response.end(large))
    const { fetcher, path, read } = await scene([origin])
    const { digests } = await fetcher.fetch(`http://${origin.host}/`, path)
    expect(digests.sha256).toBe(sha256(large))
    expect(sha256(await read())).toBe(sha256(large))
  })

  it('says nothing of us but the user agent', async () => {
    const seen: unknown[] = []
    const origin = await httpOrigin((request, response) => {
      seen.push(request.headers)
      response.setHeader('set-cookie', 'a=b')
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
      else response.end(BYTES)
    })
    const { fetcher, path } = await scene([origin], { userAgent: 'Tester/1' })
    await fetcher.fetch(`http://${origin.host}/a`, path)
    await fetcher.fetch(`http://${origin.host}/b`, path)
    const headers = {
      host: origin.host,
      connection: 'keep-alive',
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'Tester/1',
    }
    // The redirect's cookie applies to this fetch only.
    expect(seen).toEqual([headers, { ...headers, cookie: 'a=b' }, headers])
  })

  it('uses a connection again, after a refusal and a redirect too', async () => {
    const origin = await httpOrigin((request, response) => {
      if (request.url === '/gone') response.writeHead(404).end('nothing here')
      else if (request.url === '/moved') response.writeHead(301, { location: '/' }).end('elsewhere')
      else response.end(BYTES)
    })
    const { fetcher, path } = await scene([origin])
    for (const name of ['', 'gone', 'moved', '', 'gone']) {
      await fetcher.fetch(`http://${origin.host}/${name}`, path).catch(() => undefined)
    }
    expect(origin.connections()).toBe(1)
  })

  it('opens no more connections than are in use at once', async () => {
    const origin = await httpOrigin((_request, response) => response.end(BYTES))
    const { fetcher, path, files } = await scene([origin])
    let next = 0
    const worker = async (): Promise<void> => {
      while (next < 400) await fetcher.fetch(`http://${origin.host}/`, `${path}-${next++}`)
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(await files()).toHaveLength(400)
    expect(origin.connections()).toBe(8)
  })

  it('survives a server that closes kept connections', async () => {
    const origin = await rawOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', () =>
        setTimeout(() => socket.destroy(), 5),
      )
    })
    const { fetcher, path } = await scene([origin])
    for (let round = 0; round < 5; round++) {
      await fetcher.fetch(`http://${origin.host}/`, path)
      await sleep(round * 4)
    }
  })

  it('ends with the reason of its signal, and leaves nothing', async () => {
    const origin = await httpOrigin((_request, response) => {
      response.writeHead(200, { 'content-length': BYTES.length })
      response.write(BYTES.subarray(0, 1000))
    })
    const { fetcher, path, files } = await scene([origin])
    const controller = new AbortController()
    const work = fetcher.fetch(`http://${origin.host}/`, path, controller.signal)
    setTimeout(() => controller.abort(new Error('enough')), 50)
    await expect(work).rejects.toThrow('enough')
    expect(await files()).toEqual([])
    await expect(fetcher.fetch(`http://${origin.host}/`, path, AbortSignal.abort())).rejects.toThrow(/abort/)
  })

  it('ends when the fetcher is closed', async () => {
    const origin = await httpOrigin(() => undefined)
    const { fetcher, path } = await scene([origin])
    const work = failure(fetcher.fetch(`http://${origin.host}/`, path))
    await sleep(50)
    await fetcher.close()
    expect(await work).toMatchObject({ fate: 'failed', code: 'closed' })
    expect(await failure(fetcher.fetch(`http://${origin.host}/`, path))).toMatchObject({ code: 'closed' })
  })

  it('names the cause when the disk refuses, and keeps the reference to be fetched', async () => {
    const origin = await httpOrigin((_request, response) => response.end(BYTES))
    const { fetcher, folder } = await scene([origin])
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, `${folder}/missing/file`))
    expect(error).toMatchObject({ fate: 'failed', code: 'disk_enoent' })
  })

  it('names what could not be reached', async () => {
    const { fetcher, path } = await scene([{ host: '127.0.0.1:1', port: 1, connections: () => 0 }])
    const error = await failure(fetcher.fetch('http://127.0.0.1:1/a?secret', path))
    expect(error).toMatchObject({ fate: 'failed', code: 'connect' })
    expect(error.message).toMatch(/127\.0\.0\.1.*ECONNREFUSED/)
    expect(error.message).not.toContain('secret')
  })
})
