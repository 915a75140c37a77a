import { describe, expect, it } from 'vitest'
import { endless, failure, httpOrigin, rawOrigin, scene, trickle } from './servers.fixture.ts'

const MIB = 1024 * 1024

describe('a server that sends too much', () => {
  it('is not read when it says so itself', async () => {
    let sent = 0
    const origin = await rawOrigin((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${MIB + 1}\r\n\r\n`)
      sent++
    })
    const { fetcher, path, files } = await scene([origin], { maxBytes: MIB })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'too_large' })
    expect(error.message).toContain('DOWNLOAD_MAX_BYTES')
    expect(sent).toBe(1)
    expect(await files()).toEqual([])
  })

  it.each([
    ['without a length', 'connection: close\r\n\r\n', Buffer.alloc(65_536)],
    [
      'in chunks',
      'transfer-encoding: chunked\r\n\r\n',
      Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')]),
    ],
  ])('is cut off %s', async (_what, headers, piece) => {
    const origin = await rawOrigin((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${headers}`)
      void trickle(socket, 0, endless(piece))
    })
    const { fetcher, path, files } = await scene([origin], { maxBytes: MIB })
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'rejected', code: 'too_large' })
    expect(await files()).toEqual([])
  })

  it('may send exactly the limit', async () => {
    const origin = await httpOrigin((_request, response) => response.end(Buffer.alloc(MIB)))
    const { fetcher, path } = await scene([origin], { maxBytes: MIB })
    expect((await fetcher.fetch(`http://${origin.host}/`, path)).digests.byteSize).toBe(MIB)
  })
})
